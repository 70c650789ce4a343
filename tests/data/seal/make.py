#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the keys, certificates and known answers in this folder with Python's cryptography package, which shares no
code with payment/seal. Run by hand, its output is committed: the keys protect nothing but tests."""
import base64
import datetime
import hashlib
import hmac
import json
import os

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

HERE = os.path.dirname(os.path.abspath(__file__))
PLAINTEXT = b'{"id":"7700000000000000000001","status":"AUTHORIZED","note":"\xc3\xa4\xe2\x82\xac"}'


def write(name, data):
    with open(os.path.join(HERE, name), "wb") as file:
        file.write(data)


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def compact(data):
    return json.dumps(data, separators=(",", ":")).encode()


def private_pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                             serialization.NoEncryption())


def certificate(key, serials, years=100):
    names = [x509.NameAttribute(NameOID.COMMON_NAME, "Tapwatt test")]
    names += [x509.NameAttribute(NameOID.SERIAL_NUMBER, serial) for serial in serials]
    subject = x509.Name(names)
    start = datetime.datetime(2020, 1, 1)
    end = start + datetime.timedelta(days=365 * years)
    signed = (x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
              .serial_number(4711).not_valid_before(start).not_valid_after(end).sign(key, hashes.SHA256()))
    return signed.public_bytes(serialization.Encoding.PEM)


def jwe(key, alg, enc, extra=None):
    digest = {"RSA-OAEP-256": hashes.SHA256, "RSA-OAEP": hashes.SHA1}.get(alg, hashes.SHA512)()
    header = url64(compact({"alg": alg, "enc": enc, "cty": "JWT", "kid": "response-1", "iat": 1785000000,
                            **(extra or {})}))
    cek = os.urandom({"A256GCM": 32, "A128GCM": 16, "A192GCM": 24}[enc])
    wrapped = key.public_key().encrypt(cek, padding.OAEP(padding.MGF1(digest), digest, None))
    iv = os.urandom(12)
    sealed = AESGCM(cek).encrypt(iv, PLAINTEXT, header)
    return b".".join([header, url64(wrapped), url64(iv), url64(sealed[:-16]), url64(sealed[-16:])]) + b"\n"


def jwt():
    secret = bytes(range(32))
    body = b'{"encryptedRequest":"a.b.c.d.e"}'
    claims = {"iat": 1785000000, "exp": 1785000120, "jti": "3f0d7e0e-8f5a-4a39-9f37-0c9f7a6f0001", "iss": "merchant_1",
              "request-host": "apitest.cybersource.com", "request-method": "post",
              "request-resource-path": "/pts/v2/payments?x=1", "v-c-jwt-version": "2", "v-c-merchant-id": "merchant_1",
              "v-c-response-mle-kid": "response-1", "digest": base64.b64encode(hashlib.sha256(body).digest()).decode(),
              "digest-algorithm": "SHA-256"}
    signed = url64(compact({"alg": "HS256", "typ": "JWT", "kid": "key-1"})) + b"." + url64(compact(claims))
    return signed + b"." + url64(hmac.new(secret, signed, hashlib.sha256).digest()) + b"\n"


def main():
    key = rsa.generate_private_key(65537, 2048)
    other = rsa.generate_private_key(65537, 2048)
    weak = rsa.generate_private_key(65537, 1024)
    curve = ec.generate_private_key(ec.SECP256R1())

    write("private.pem", private_pem(key))
    write("other-private.pem", private_pem(other))
    write("weak-private.pem", private_pem(weak))
    write("curve-private.pem", private_pem(curve))
    write("locked-private.pem", key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                                  serialization.BestAvailableEncryption(b"secret")))
    write("certificate.pem", certificate(key, ["mle-0815"]))
    write("expired.pem", certificate(key, ["mle-0815"], years=1))
    write("unnamed.pem", certificate(key, []))
    write("twice-named.pem", certificate(key, ["one", "two"]))
    write("weak.pem", certificate(weak, ["weak"]))
    write("curve.pem", certificate(curve, ["curve"]))

    write("plaintext.json", PLAINTEXT)
    for alg in ("RSA-OAEP-256", "RSA-OAEP"):
        for enc in ("A256GCM", "A128GCM"):
            write(f"{alg}.{enc}.jwe".lower(), jwe(key, alg, enc))
    write("bad-alg.jwe", jwe(key, "RSA-OAEP-512", "A256GCM"))
    write("bad-enc.jwe", jwe(key, "RSA-OAEP-256", "A192GCM"))
    write("bad-crit.jwe", jwe(key, "RSA-OAEP-256", "A256GCM", {"crit": ["exp"], "exp": 1}))
    write("bad-zip.jwe", jwe(key, "RSA-OAEP-256", "A256GCM", {"zip": "DEF"}))
    write("bad-huge-header.jwe", jwe(key, "RSA-OAEP-256", "A256GCM", {"typ": "x" * 20000}))
    write("known.jwt", jwt())


main()
