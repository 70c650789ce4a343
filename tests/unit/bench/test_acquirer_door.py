# SPDX-License-Identifier: Apache-2.0
"""Who is let in, and what can be opened: TLS, JWT, message-level encryption."""

import hashlib
import json
import os
import ssl
import sys
import time
import uuid

sys.path.insert(0, os.environ["TW_TEST_LIB"])
import acquirer_client as ac
import tap_cases
from cryptography.hazmat.primitives.asymmetric import rsa

PATH = "/tss/v2/transactions/7000000000000000000000"


def token_is_refused(street, why, token, method="GET", path=PATH, body=None, **kw):
    answer = street.client.raw(method, path, body, token, **kw)
    assert answer.status == 401, answer
    assert answer.body == {"response": {"rmsg": "Authentication Failed"}}, answer
    line = street.ctl("ledger")["lines"][-1]
    assert line["http"] == 401 and why in line["note"], line


def claims_are_refused(street, why, method="GET", path=PATH, body=None, **changes):
    client = street.client
    token_is_refused(street, why, client.jwt(client.claims(method, path, body, **changes)), method, path, body)


def a_right_token_passes(street):
    answer = street.client.get(PATH)
    assert answer.status == 404 and answer.reason == "NOT_FOUND" and answer.encrypted, answer
    answer = street.client.get(PATH, mle=False)
    assert answer.status == 404 and answer.reason == "NOT_FOUND" and not answer.encrypted, answer


def no_token_is_refused(street):
    token_is_refused(street, "no bearer token", None)


def http_signature_is_refused(street):
    c = street.client
    token_is_refused(street, "HTTP Signature", None, headers={"Signature": 'keyid="k", signature="AAAA"'})
    token_is_refused(street, "HTTP Signature", c.jwt(c.claims("GET", PATH, None)),
                     headers={"Signature": 'keyid="k", signature="AAAA"'})


def other_algorithms_are_refused(street):
    c = street.client
    claims = c.claims("GET", PATH, None)
    token_is_refused(street, "HS256", c.jwt(claims, {"alg": "none"}))
    token_is_refused(street, "HS256", c.jwt(claims, {"alg": "HS512"}, algorithm=hashlib.sha512))
    token_is_refused(street, "HS256", c.jwt(claims, {"alg": "none"}).rsplit(".", 1)[0] + ".")


def an_unknown_key_id_is_refused(street):
    c = street.client
    token_is_refused(street, "kid", c.jwt(c.claims("GET", PATH, None), {"kid": str(uuid.uuid4())}))


def a_wrong_secret_is_refused(street):
    c = street.client
    token_is_refused(street, "signature", c.jwt(c.claims("GET", PATH, None), secret=os.urandom(32)))


def a_changed_claim_is_refused(street):
    c = street.client
    head, _, signature = c.jwt(c.claims("GET", PATH, None)).split(".")
    other = ac.b64url(json.dumps(c.claims("GET", PATH, None)).encode())
    token_is_refused(street, "signature", ".".join([head, other, signature]))


def rubbish_is_refused(street):
    for token in ["x", "..", "a.b.c", "=.=.=", "e30.e30.e30.e30", "e30.WzFd.e30"]:
        answer = street.client.raw("GET", PATH, None, token)
        assert answer.status == 401, (token, answer)


def each_wrong_claim_is_refused(street):
    now = int(time.time())
    claims_are_refused(street, "v-c-jwt-version", v_c_jwt_version="1")
    claims_are_refused(street, "v-c-jwt-version", v_c_jwt_version=None)
    claims_are_refused(street, "merchant id", v_c_merchant_id="somebody")
    claims_are_refused(street, "merchant id", iss=None)
    claims_are_refused(street, "request-host", request_host="api.cybersource.com")
    claims_are_refused(street, "request-resource-path", request_resource_path=PATH + "1")
    claims_are_refused(street, "request-method", request_method="post")
    claims_are_refused(street, "request-method", request_method="GET")
    claims_are_refused(street, "v-c-response-mle-kid", v_c_response_mle_kid="123")
    claims_are_refused(street, "jti", jti=None)
    claims_are_refused(street, "jti", jti="")
    claims_are_refused(street, "exp has passed", iat=now - 200, exp=now - 80)
    claims_are_refused(street, "120 s", iat=now, exp=now + 121)
    claims_are_refused(street, "120 s", iat=now, exp=now)
    claims_are_refused(street, "clock", iat=now + 300, exp=now + 400)
    claims_are_refused(street, "clock", iat=now - 3600, exp=now + 10)
    claims_are_refused(street, "whole seconds", iat="now")
    claims_are_refused(street, "whole seconds", exp=None)


def the_path_claim_includes_the_query(street):
    c = street.client
    claims_are_refused(street, "request-resource-path", path=PATH + "?a=1", request_resource_path=PATH)
    assert c.get(PATH + "?a=1").status == 404


def the_digest_covers_the_body_as_sent(street):
    body = json.dumps(ac.search("id:1")).encode()
    path = "/tss/v2/searches"
    claims_are_refused(street, "digest", "POST", path, body, digest=None)
    claims_are_refused(street, "digest", "POST", path, body, digest_algorithm=None)
    right = street.client.claims("POST", path, body)
    claims_are_refused(street, "digest", "POST", path, body + b" ", digest=right["digest"])
    claims_are_refused(street, "digest", "POST", path, body, digest="SHA-256=" + right["digest"])
    claims_are_refused(street, "digest", digest=right["digest"])
    assert street.client.post(path, ac.search("id:1")).status == 201


def a_token_serves_once(street):
    c = street.client
    token = c.jwt(c.claims("GET", PATH, None))
    assert c.raw("GET", PATH, None, token).status == 404
    token_is_refused(street, "used before", token)


def a_stepped_clock_is_refused(street):
    street.ctl("acquirer", "clock", "offset-s=3600")
    claims_are_refused(street, "clock")
    street.ctl("acquirer", "clock", "offset-s=-315360000")
    claims_are_refused(street, "clock")
    street.ctl("acquirer", "clock", "offset-s=100")
    assert street.client.get(PATH).status == 404


def tls_is_verified(street):
    for kind in ["untrusted", "wrong-name", "expired"]:
        street.ctl("acquirer", "tls", kind)
        try:
            street.client.get(PATH)
        except ssl.SSLCertVerificationError as error:
            wanted = {"untrusted": "self-signed", "wrong-name": "not valid for", "expired": "expired"}[kind]
            assert wanted in str(error).replace("self signed", "self-signed"), error
        else:
            raise AssertionError("a certificate that is %s was taken" % kind)
    street.ctl("acquirer", "tls", "right")
    assert street.client.get(PATH).status == 404


def a_kept_connection_does_not_outlive_its_certificate(street):
    connection = street.client.connect()
    assert street.client.get(PATH, connection=connection).status == 404
    street.ctl("acquirer", "tls", "untrusted")
    try:
        street.client.get(PATH, connection=connection)
        raise AssertionError("the old connection still works")
    except (OSError, ac.http.client.HTTPException):
        pass
    finally:
        street.ctl("acquirer", "tls", "right")
        connection.close()


def nobody_listens_when_it_is_down(street):
    street.ctl("acquirer", "down")
    try:
        street.client.get(PATH)
        raise AssertionError("somebody listens")
    except ConnectionRefusedError:
        pass
    finally:
        street.ctl("acquirer", "up")
    assert street.client.get(PATH).status == 404


def unknown_endpoints_are_not_found(street):
    for method, path in [("GET", "/"), ("GET", "/pts/v2/payments"), ("POST", "/pts/v2/payments/1"),
                         ("DELETE", "/pts/v2/payments/1"), ("GET", "/tss/v2/transactions/"),
                         ("POST", "/pts/v2/payments/1/2/3")]:
        answer = street.client.ask(method, path, {} if method == "POST" else None)
        assert answer.status == 404, (method, path, answer)


def another_content_type_is_refused(street):
    answer = street.client.post("/tss/v2/searches", ac.search("id:1"), headers={"Content-Type": "text/plain"})
    assert answer.status == 415, answer


def jwe_is_refused(street, why, **kw):
    answer = street.client.post("/pts/v2/payments", ac.authorization(), jwe=kw)
    assert answer.status == 400 and answer.status and answer.body["status"] == "INVALID_REQUEST", answer
    assert answer.details == [{"field": "encryptedRequest", "reason": "INVALID_DATA"}], answer
    assert why in answer.message, answer


def wrong_encryption_keys_are_refused(street):
    jwe_is_refused(street, "kid", header={"kid": "1234"})
    other = rsa.generate_private_key(65537, 2048).public_key()
    jwe_is_refused(street, "cannot be decrypted", key=other)


def wrong_encryption_headers_are_refused(street):
    jwe_is_refused(street, "alg", header={"alg": "RSA-OAEP"})
    jwe_is_refused(street, "enc", header={"enc": "A128GCM"})
    jwe_is_refused(street, "cty", header={"cty": "JSON"})
    jwe_is_refused(street, "iat", header={"iat": int(time.time()) - 900})
    jwe_is_refused(street, "iat", header={"iat": None})


def changed_jwes_are_refused(street):
    c = street.client
    path = "/pts/v2/payments"
    for part in range(5):
        parts = c.jwe(json.dumps(ac.authorization()).encode()).split(".")
        first = "B" if parts[part][0] == "A" else "A"
        parts[part] = first + parts[part][1:]
        answer = c.post(path, json.dumps({"encryptedRequest": ".".join(parts)}).encode(), encrypt=False)
        assert answer.status == 400 and answer.details[0]["field"] == "encryptedRequest", (part, answer)


def odd_wrappers_are_refused(street):
    c = street.client
    jwe = c.jwe(b"{}")
    for body in [b"", b"null", b"[]", b"{", b"{}" + b" " * 20000, json.dumps({"encryptedRequest": 1}).encode(),
                 json.dumps({"encryptedRequest": jwe, "more": 1}).encode(), b'{"a":' * 400 + b"1" + b"}" * 400,
                 json.dumps({"encryptedRequest": "a.b.c"}).encode(),
                 b'{"encryptedRequest":"x","encryptedRequest":"y"}']:
        answer = c.post("/pts/v2/payments", body, encrypt=False)
        assert answer.status == 400 and answer.body["status"] == "INVALID_REQUEST", (body[:40], answer)


def answers_come_in_each_encryption(street):
    for alg in ["RSA-OAEP-256", "RSA-OAEP"]:
        for enc in ["A256GCM", "A128GCM"]:
            street.ctl("acquirer", "mle", "alg=" + alg, "enc=" + enc)
            answer = street.client.get(PATH)
            assert answer.encrypted and answer.reason == "NOT_FOUND", answer
    street.ctl("acquirer", "mle")


def openssl_reads_the_certificates(street):
    import subprocess
    keys = street.street["keys"]
    text = subprocess.run(["openssl", "x509", "-in", keys + "/mle.pem", "-noout", "-subject", "-text"], check=True,
                          capture_output=True, text=True).stdout
    assert "serialNumber = " + street.street["mleKeyId"] in text, text
    assert "Public-Key: (2048 bit)" in text, text
    subprocess.run(["openssl", "verify", "-CAfile", keys + "/ca.pem", keys + "/mle.pem", keys + "/server.pem"],
                   check=True, capture_output=True)
    for name in os.listdir(keys):
        assert os.stat(keys + "/" + name).st_mode & 0o077 == 0, name


if __name__ == "__main__":
    with ac.Street(sys.argv[1]) as the_street:
        status = tap_cases.run(tap_cases.collect(globals()), "/bench/acquirer/door", the_street)
    sys.exit(status)
