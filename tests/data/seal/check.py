#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The independent reader of what payment/seal writes.

  check.py jwe PRIVATE.pem  < compact JWE   prints the protected header, LF, the plaintext
  check.py jwt SECRET_HEX   < JWT           checks the signature; prints header, LF, claims, with sorted members
Exit status 77: the cryptography package is missing."""
import base64
import hashlib
import hmac
import json
import sys


def unurl64(text):
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != text:
        sys.exit("not canonical base64url")
    return data


def jwe(pem):
    try:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        sys.exit(77)
    with open(pem, "rb") as file:
        key = serialization.load_pem_private_key(file.read(), None)
    header, wrapped, iv, ciphertext, tag = sys.stdin.read().split(".")
    cek = key.decrypt(unurl64(wrapped), padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None))
    if len(cek) != 32:
        sys.exit("the content key is not 256 bits long")
    plaintext = AESGCM(cek).decrypt(unurl64(iv), unurl64(ciphertext) + unurl64(tag), header.encode())
    sys.stdout.buffer.write(unurl64(header) + b"\n" + plaintext)


def jwt(secret):
    header, claims, signature = sys.stdin.read().split(".")
    expected = hmac.new(bytes.fromhex(secret), f"{header}.{claims}".encode(), hashlib.sha256).digest()
    if unurl64(signature) != expected:
        sys.exit("wrong signature")
    for part in (header, claims):
        print(json.dumps(json.loads(unurl64(part)), sort_keys=True, separators=(",", ":")))


{"jwe": jwe, "jwt": jwt}[sys.argv[1]](sys.argv[2])
