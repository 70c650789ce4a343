# SPDX-License-Identifier: Apache-2.0
"""A client of the payment service, built from the fact sheet with Python's own libraries: nothing of it is shared with
payment/gateway, payment/seal or the sandbox acquirer, so that each of them can be held against it."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import socket
import ssl
import subprocess
import tempfile
import time
import uuid

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
except ImportError:
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES

HOST = "apitest.cybersource.com"
PAN = "4111111111111111"
MASTER_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def b64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def oaep(algorithm):
    return padding.OAEP(padding.MGF1(algorithm()), algorithm(), None)


# --- the card's side ---------------------------------------------------------------------------------------------


def des3(key, block):
    encryptor = Cipher(TripleDES(key + key[:8]), modes.CBC(bytes(8))).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def des1(key, block):
    encryptor = Cipher(TripleDES(key * 3), modes.CBC(bytes(8))).encryptor()
    return encryptor.update(block) + encryptor.finalize()


def card_key(master, pan, sequence):
    """EMV 4.3 Book 2, A1.4.1."""
    y = bytes.fromhex((pan + "%02d" % sequence)[-16:].rjust(16, "0"))
    return des3(master, y) + des3(master, bytes(b ^ 0xFF for b in y))


def session_key(card, atc):
    """EMV 4.3 Book 2, A1.3.1."""
    r = atc.to_bytes(2, "big")
    return des3(card, r + b"\xf0" + bytes(5)) + des3(card, r + b"\x0f" + bytes(5))


def mac(key, data):
    """ISO/IEC 9797-1 algorithm 3, padding method 2."""
    data += b"\x80"
    data += bytes(-len(data) % 8)
    state = bytes(8)
    for at in range(0, len(data), 8):
        block = bytes(a ^ b for a, b in zip(state, data[at:at + 8]))
        state = des1(key[:8], block) if at + 8 < len(data) else des3(key, block)
    return state


SIGNED = ["9F02", "9F03", "9F1A", "95", "5F2A", "9A", "9C", "9F37", "82", "9F36", "9F10"]
next_atc = [1]


def tags(minor=5000, pan=PAN, sequence=1, master=MASTER_KEY, atc=None, un=None, **changes):
    """The TLV of a contactless Visa, with a right cryptogram. changes: T9F26="..." replaces, T9F26=None leaves out."""
    if atc is None:
        atc = next_atc[0]
        next_atc[0] += 1
    values = {
        "9F02": "%012d" % minor, "9F03": "000000000000", "9F1A": "0276", "95": "0000000000", "5F2A": "0978",
        "9A": time.strftime("%y%m%d"), "9C": "00", "9F37": (un or os.urandom(4)).hex(), "82": "2000",
        "9F36": "%04x" % atc, "9F10": "06011103a00000", "84": "a0000000031010", "9F33": "0008c8", "9F27": "80",
        "9F34": "1f0302", "5F34": "%02d" % sequence,
    }
    if sequence is None:
        del values["5F34"]
    data = bytes.fromhex("".join(values[tag] for tag in SIGNED))
    values["9F26"] = mac(session_key(card_key(master, pan, sequence or 0), atc), data).hex()
    for name, value in changes.items():
        values[name[1:]] = value
    return "".join("%s%02x%s" % (t, len(v) // 2, v) for t, v in values.items() if v is not None)


def track(pan=PAN, expiry="3012"):
    return ";%s=%s2011234567?" % (pan, expiry)


# --- messages ----------------------------------------------------------------------------------------------------


def reference(code=None, transaction=None):
    return {"code": code or "s" + uuid.uuid4().hex[:20], "transactionId": transaction or uuid.uuid4().hex}


def money(amount, currency="EUR", name="totalAmount"):
    return {"amountDetails": {name: amount, "currency": currency}}


def authorization(amount="50.00", code=None, transaction=None, pan=PAN, currency="EUR", **tag_changes):
    minor = int(amount.replace(".", ""))
    return {
        "clientReferenceInformation": reference(code, transaction),
        "processingInformation": {
            "capture": False, "commerceIndicator": "retail",
            "authorizationOptions": {"authIndicator": "0", "partialAuthIndicator": False},
        },
        "orderInformation": money(amount, currency),
        "paymentInformation": {"card": {"type": "002" if pan[0] != "4" else "001"}},
        "pointOfSaleInformation": {
            "entryMode": "contactless", "terminalCapability": 5, "catLevel": 2, "terminalId": "BENCH001",
            "operatingEnvironment": "2", "terminalPinCapability": 0, "cardholderVerificationMethodUsed": 0,
            "terminalInputCapability": ["Contactless"], "trackData": track(pan),
            "emv": {"tags": tags(minor, pan=pan, **tag_changes), "cardSequenceNumber": "001"},
        },
    }


def capture(amount, code=None, transaction=None, currency="EUR"):
    return {"clientReferenceInformation": reference(code, transaction), "orderInformation": money(amount, currency)}


def increment(amount, code=None):
    return {"clientReferenceInformation": reference(code),
            "orderInformation": money(amount, name="additionalAmount")}


def reversal(amount, code=None, transaction=None, currency="EUR"):
    return {"clientReferenceInformation": reference(code, transaction),
            "reversalInformation": dict(money(amount, currency), reason="not used")}


def void(code=None, transaction=None):
    return {"clientReferenceInformation": reference(code, transaction)}


def search(query):
    return {"save": False, "query": query, "sort": "submitTimeUtc:desc", "limit": 20, "offset": 0, "timezone": "UTC"}


# --- the wire ----------------------------------------------------------------------------------------------------


class Connection(http.client.HTTPSConnection):
    """To 127.0.0.1, with the name of the real host in TLS and in the Host header."""

    def __init__(self, port, ca, timeout):
        context = ssl.create_default_context(cafile=ca)
        super().__init__(HOST, 443, context=context, timeout=timeout)
        self.real_port = port

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", self.real_port), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self._context.wrap_socket(plain, server_hostname=HOST)


class Answer:
    def __init__(self, status, content_type, raw, encrypted, body):
        self.status, self.content_type, self.raw, self.encrypted, self.body = status, content_type, raw, encrypted, body

    def __getattr__(self, name):
        return self.body.get(name)

    def __repr__(self):
        return "%s %s" % (self.status, self.body if self.body is not None else self.raw)


class Client:
    def __init__(self, street):
        keys = street["keys"]
        self.port = street["port"]
        self.kept = None    # a connection that serves all requests, for tests that make many
        self.merchant, self.key_id, self.response_kid = street["merchantId"], street["keyId"], street["responseKeyId"]
        self.ca = keys + "/ca.pem"
        self.secret = base64.b64decode(open(keys + "/shared-secret").read())
        self.certificate = x509.load_pem_x509_certificate(open(keys + "/mle.pem", "rb").read())
        self.private = serialization.load_pem_private_key(open(keys + "/response-key.pem", "rb").read(), None)

    def mle_kid(self):
        return self.certificate.subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)[0].value

    def jwe(self, plaintext, header=None, key=None):
        """RFC 7516 section 5.1, compact."""
        head = {"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": self.mle_kid(), "iat": int(time.time())}
        head.update(header or {})
        head = b64url(json.dumps(head).encode())
        cek, iv = os.urandom(32), os.urandom(12)
        sealed = AESGCM(cek).encrypt(iv, plaintext, head.encode())
        wrapped = (key or self.certificate.public_key()).encrypt(cek, oaep(hashes.SHA256))
        return ".".join([head, b64url(wrapped), b64url(iv), b64url(sealed[:-16]), b64url(sealed[-16:])])

    def open_jwe(self, text):
        head, wrapped, iv, sealed, tag = text.split(".")
        header = json.loads(unb64url(head))
        algorithm = {"RSA-OAEP-256": hashes.SHA256, "RSA-OAEP": hashes.SHA1}[header["alg"]]
        cek = self.private.decrypt(unb64url(wrapped), oaep(algorithm))
        assert len(cek) == {"A256GCM": 32, "A128GCM": 16}[header["enc"]], header
        assert header["kid"] == self.response_kid, header
        return AESGCM(cek).decrypt(unb64url(iv), unb64url(sealed) + unb64url(tag), head.encode())

    def claims(self, method, path, body, mle=True, **changes):
        now = int(time.time())
        claims = {
            "iat": now, "exp": now + 120, "request-host": HOST, "request-resource-path": path,
            "request-method": method.lower(), "iss": self.merchant, "jti": str(uuid.uuid4()), "v-c-jwt-version": "2",
            "v-c-merchant-id": self.merchant,
        }
        if body is not None:
            claims["digest"] = base64.b64encode(hashlib.sha256(body).digest()).decode()
            claims["digest-algorithm"] = "SHA-256"
        if mle:
            claims["v-c-response-mle-kid"] = self.response_kid
        for name, value in changes.items():
            claims[name.replace("_", "-")] = value
        return {name: value for name, value in claims.items() if value is not None}

    def jwt(self, claims, header=None, secret=None, algorithm=hashlib.sha256):
        head = {"alg": "HS256", "typ": "JWT", "kid": self.key_id}
        head.update(header or {})
        text = b64url(json.dumps(head).encode()) + "." + b64url(json.dumps(claims).encode())
        return text + "." + b64url(hmac.new(secret or self.secret, text.encode(), algorithm).digest())

    def connect(self, timeout=10):
        return Connection(self.port, self.ca, timeout)

    def raw(self, method, path, body=None, token=None, headers=None, connection=None, timeout=10):
        """One exchange; raises what the wire raises."""
        connection = connection or self.kept
        own = connection is None
        connection = connection or self.connect(timeout)
        head = {"Accept": "application/hal+json;charset=utf-8"}
        if body is not None:
            head["Content-Type"] = "application/json;charset=utf-8"
        if token:
            head["Authorization"] = "Bearer " + token
        head.update(headers or {})
        try:
            connection.request(method, path, body, head)
            response = connection.getresponse()
            raw = response.read()
        finally:
            if own:
                connection.close()
        encrypted, parsed = False, None
        try:
            parsed = json.loads(raw)
            if list(parsed) == ["encryptedResponse"]:
                encrypted, parsed = True, json.loads(self.open_jwe(parsed["encryptedResponse"]))
        except (ValueError, RecursionError):
            pass
        return Answer(response.status, response.headers.get("Content-Type"), raw, encrypted, parsed)

    def ask(self, method, path, message=None, encrypt=True, mle=True, jwe=None, claims=None, **kw):
        body = None
        if message is not None:
            body = message if isinstance(message, bytes) else json.dumps(message).encode()
            if encrypt and not path.startswith("/tss"):
                body = json.dumps({"encryptedRequest": self.jwe(body, **(jwe or {}))}).encode()
        token = self.jwt(self.claims(method, path, body, mle, **(claims or {})))
        return self.raw(method, path, body, token, **kw)

    def authorize(self, *args, **kw):
        return self.ask("POST", "/pts/v2/payments", authorization(*args, **kw))

    def post(self, path, message, **kw):
        return self.ask("POST", path, message, **kw)

    def get(self, path, **kw):
        return self.ask("GET", path, None, **kw)


class Street:
    """A bench of its own, for as long as a "with" lasts."""

    def __init__(self, program, *arguments, cards=None):
        self.program, self.arguments, self.cards = program, arguments, cards

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tw-")
        self.dir = self.folder.name + "/s"
        self.start()
        return self

    def start(self):
        cards = ["--cards", self.cards or self.folder.name + "/no-cards"]
        command = [self.program, "run", "--dir", self.dir, "--with-parent", *cards, *self.arguments]
        # libsoup 3.2 keeps some 340 bytes of each TLS connection, without code of ours too: only leaks are not looked
        # for, and only in the bench; every other fault that a sanitizer finds still ends it.
        env = dict(os.environ, ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0")
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, env=env)
        ready = self.dir + "/street.json"
        while not os.path.exists(ready):
            if self.process.poll() is not None:
                raise RuntimeError("the bench ended with %d" % self.process.returncode)
            time.sleep(0.01)
        self.street = json.load(open(ready))
        self.client = Client(self.street)

    def stop(self):
        self.process.stdin.close()
        return self.process.wait(30)

    def __exit__(self, *_):
        self.stop()
        self.folder.cleanup()

    def ctl(self, *words, fail=False):
        """Over the socket, as a program would."""
        request = {"cmd": words[0], "words": [w for w in words[1:] if "=" not in w]}
        request.update(w.split("=", 1) for w in words[1:] if "=" in w)
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(30)
            s.connect(self.dir + "/ctl.sock")
            s.sendall(json.dumps(request).encode() + b"\n")
            text = b""
            while not text.endswith(b"\n"):
                part = s.recv(65536)
                if not part:
                    raise RuntimeError("the bench closed its control socket")
                text += part
        answer = json.loads(text)
        assert answer["ok"] is not fail, answer
        return answer

    def payment(self, code):
        """The ledger's sums of a session, None without any; fails on more than one payment."""
        payments = self.ctl("ledger", "code=" + code)["payments"]
        assert len(payments) <= 1, payments
        return payments[0] if payments else None

    def lines(self, code):
        return self.ctl("ledger", "code=" + code)["lines"]
