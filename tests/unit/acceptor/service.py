#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A small payment service over HTTPS that shares nothing with ours: hmac and hashlib check the token, the cryptography
package opens and seals the messages, and a ledger of its own counts.

  service.py CERTIFICATE KEY SECRET_HEX SERVICE_PRIVATE.pem RESPONSE_CERTIFICATE.pem
prints its port; ends with its standard input. GET /ledger shows what happened, POST /drop drops the next answer.
Exit status 77: the cryptography package is missing."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading
import time

try:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
except ImportError:
    sys.exit(77)

CERTIFICATE, KEY, SECRET, PRIVATE, RESPONSE = sys.argv[1:]
OAEP = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
with open(PRIVATE, "rb") as file:
    private = serialization.load_pem_private_key(file.read(), None)
with open(RESPONSE, "rb") as file:
    response_key = x509.load_pem_x509_certificate(file.read()).public_key()
tokens, seen, holds, lock = set(), {}, {}, threading.Lock()
drop_next = False


def unurl64(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def url64(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unseal(body):
    members = json.loads(body)
    assert list(members) == ["encryptedRequest"], "not sealed"
    header, wrapped, iv, ciphertext, tag = members["encryptedRequest"].split(".")
    fields = json.loads(unurl64(header))
    assert fields["alg"] == "RSA-OAEP-256" and fields["enc"] == "A256GCM" and fields["kid"] == "mle-0815"
    cek = private.decrypt(unurl64(wrapped), OAEP)
    return json.loads(AESGCM(cek).decrypt(unurl64(iv), unurl64(ciphertext) + unurl64(tag), header.encode()))


def seal(answer):
    header = url64(json.dumps({"alg": "RSA-OAEP-256", "enc": "A256GCM", "cty": "JWT", "kid": "r1"}).encode())
    cek, iv = os.urandom(32), os.urandom(12)
    sealed = AESGCM(cek).encrypt(iv, json.dumps(answer).encode(), header.encode())
    parts = [header] + [url64(x) for x in (response_key.encrypt(cek, OAEP), iv, sealed[:-16], sealed[-16:])]
    return {"encryptedResponse": ".".join(parts)}


def check_token(method, path, headers, body):
    header, claims, signature = headers["Authorization"].removeprefix("Bearer ").split(".")
    expected = hmac.new(bytes.fromhex(SECRET), f"{header}.{claims}".encode(), hashlib.sha256).digest()
    assert hmac.compare_digest(unurl64(signature), expected), "signature"
    assert json.loads(unurl64(header)) == {"alg": "HS256", "typ": "JWT", "kid": "k1"}, "header"
    claims = json.loads(unurl64(claims))
    assert claims["iss"] == claims["v-c-merchant-id"] == "m1" and claims["v-c-jwt-version"] == "2", "merchant"
    assert claims["request-method"] == method.lower() and claims["request-resource-path"] == path, "request"
    assert claims["request-host"] == headers["Host"] == "pay.test", "host"
    assert claims["v-c-response-mle-kid"] == "r1", "response key"
    assert claims["exp"] - claims["iat"] == 120 and abs(claims["iat"] - time.time()) < 60, "time"
    assert claims["jti"] not in tokens, "replay"
    tokens.add(claims["jti"])
    if method == "POST":
        assert claims["digest"] == base64.b64encode(hashlib.sha256(body).digest()).decode(), "digest"


def wrong(reason):
    return 400, {"status": "INVALID_REQUEST", "reason": reason, "message": reason}


def authorize(request):
    assert request["processingInformation"]["capture"] is False
    assert request["pointOfSaleInformation"]["trackData"] == ";4761739001010119=2612201?"
    number = str(7700000000000000000001 + len(holds))
    amount = request["orderInformation"]["amountDetails"]
    holds[number] = {"held": amount["totalAmount"], "captured": [], "reversed": 0,
                     "code": request["clientReferenceInformation"]["code"]}
    return 201, {"id": number, "status": "AUTHORIZED", "processorInformation": {"approvalCode": "831000"},
                 "orderInformation": {"amountDetails": {"authorizedAmount": amount["totalAmount"], **amount}}}


def capture(hold, request):
    if hold["reversed"]:
        return wrong("AUTH_ALREADY_REVERSED")
    hold["captured"].append(request["orderInformation"]["amountDetails"]["totalAmount"])
    return 201, {"id": "88", "status": "PENDING"}


def reverse(hold):
    if hold["captured"]:
        return wrong("TRANSACTION_ALREADY_SETTLED")
    if hold["reversed"]:
        return wrong("AUTH_ALREADY_REVERSED")
    hold["reversed"] = 1
    return 201, {"status": "REVERSED"}


def search(query):
    code = query["query"].removeprefix("clientReferenceInformation.code:")
    found = [{"id": "88", "clientReferenceInformation": {"code": code, "transactionId": transaction},
              "applicationInformation": {"applications": [{"name": name, "rCode": "1", "rFlag": "SOK"}]}}
             for transaction, (owner, name) in seen.items() if owner == code]
    return 201, {"totalCount": len(found), "_embedded": {"transactionSummaries": found}}


def act(path, request):
    if path == "/tss/v2/searches":
        return search(request)
    client = request["clientReferenceInformation"]
    if path == "/pts/v2/reversals":
        lost = [n for n, h in holds.items() if seen.get(client["transactionId"]) == (h["code"], "ics_auth")]
        return reverse(holds[lost[0]]) if lost else (404, {"status": "NOT_FOUND"})
    if client["transactionId"] in seen:
        return wrong("DUPLICATE_REQUEST")
    parts = path.split("/")
    name = {"payments": "ics_auth", "captures": "ics_bill", "reversals": "ics_auth_reversal"}[parts[-1]]
    answer = (authorize(request) if name == "ics_auth" else capture(holds[parts[4]], request) if name == "ics_bill"
              else reverse(holds[parts[4]]))
    if answer[0] == 201:
        seen[client["transactionId"]] = (client["code"], name)
    return answer


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, answer):
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.reply(200, list(holds.values()))

    def do_POST(self):
        global drop_next
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/drop":
            drop_next = True
            self.reply(200, {})
            return
        try:
            check_token("POST", self.path, self.headers, body)
            with lock:
                status, answer = act(self.path, unseal(body))
        except Exception as problem:      # whatever is wrong with it, it had no effect
            self.reply(401, {"response": {"rmsg": repr(problem)}})
            return
        if drop_next:
            drop_next = False
            self.close_connection = True
            return
        self.reply(status, seal(answer))


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, KEY)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
