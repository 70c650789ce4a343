# SPDX-License-Identifier: Apache-2.0
"""Every fault that can be ordered: what the client sees of it, and what became of the money."""

import http.client
import json
import os
import socket
import sys
import threading
import time

sys.path.insert(0, os.environ["TW_TEST_LIB"])
import acquirer_client as ac
import tap_cases

PAYMENTS = "/pts/v2/payments"


def fault(street, kind, *options):
    street.ctl("acquirer", "fault", kind, *options)


def held(street, code):
    payment = street.payment(code)
    return payment["open"] if payment else None


class Hold:
    def __init__(self, street):
        self.client = street.client
        self.message = ac.authorization()
        self.reference = self.message["clientReferenceInformation"]
        self.code = self.reference["code"]

    def send(self, **kw):
        return self.client.post(PAYMENTS, self.message, **kw)

    def timeout_reverse(self):
        return self.client.post("/pts/v2/reversals", ac.reversal("50.00", self.code, self.reference["transactionId"]))


class Later(threading.Thread):
    """A request whose answer is not waited for yet."""

    def __init__(self, hold):
        super().__init__()
        self.hold, self.answer = hold, None
        self.start()

    def run(self):
        self.answer = self.hold.send()


def until(street, count, act="authorize", what="came"):
    while street.ctl("acquirer", "requests")[what][act] < count:
        pass


def breaks(hold, *errors):
    try:
        answer = hold.send(timeout=5)
    except errors:
        return
    raise AssertionError("answered: %r" % answer)


def a_delay_before_acting_holds_the_money_back(street):
    hold = Hold(street)
    came = street.ctl("acquirer", "requests")["came"]["authorize"]
    fault(street, "hold", "op=authorize")
    later = Later(hold)
    until(street, came + 1)
    assert held(street, hold.code) is None
    assert street.ctl("acquirer", "go-on")["released"] == 1
    later.join()
    assert later.answer.body["status"] == "AUTHORIZED"
    assert held(street, hold.code) == "50.00"


def a_delay_after_acting_only_holds_the_answer_back(street):
    hold = Hold(street)
    acted = street.ctl("acquirer", "requests")["acted"]["authorize"]
    fault(street, "hold", "when=after")
    later = Later(hold)
    until(street, acted + 1, what="acted")
    assert held(street, hold.code) == "50.00" and later.is_alive()
    assert street.ctl("acquirer", "go-on")["released"] == 1
    later.join()
    assert later.answer.body["status"] == "AUTHORIZED"


def a_delay_ends_by_itself(street):
    for when in ["before", "after"]:
        hold = Hold(street)
        fault(street, "delay", "ms=50", "when=" + when)
        assert hold.send().body["status"] == "AUTHORIZED"
        assert held(street, hold.code) == "50.00"


def a_request_is_timed_from_its_arrival_to_its_answer(street):
    before = time.monotonic()
    fault(street, "delay", "ms=50")
    assert Hold(street).send().status == 201
    while not street.ctl("acquirer", "requests")["times"][-1]["answered_us"] > before * 1e6:
        pass
    visit = street.ctl("acquirer", "requests")["times"][-1]
    assert visit["act"] == "authorize" and visit["fresh"], visit
    assert before * 1e6 < visit["arrived_us"] <= visit["answered_us"] - 50_000, visit
    assert visit["answered_us"] < time.monotonic() * 1e6, visit


def a_late_authorization_is_acted_on_although_the_client_left(street):
    hold = Hold(street)
    fault(street, "hold")
    breaks_off = hold.client.connect(timeout=0.2)
    try:
        hold.send(connection=breaks_off)
        raise AssertionError("answered")
    except (TimeoutError, socket.timeout):
        breaks_off.close()
    assert street.ctl("acquirer", "go-on")["released"] == 1
    assert held(street, hold.code) == "50.00"
    assert hold.timeout_reverse().status == 201
    assert held(street, hold.code) == "0.00"


def a_late_authorization_after_its_reversal_holds_nothing(street):
    hold = Hold(street)
    came = street.ctl("acquirer", "requests")["came"]["authorize"]
    fault(street, "hold")
    later = Later(hold)
    until(street, came + 1)
    assert hold.timeout_reverse().reason == "MISSING_AUTH"
    street.ctl("acquirer", "go-on")
    later.join()
    assert later.answer.status == 400 and later.answer.reason == "DUPLICATE_REQUEST", later.answer
    assert held(street, hold.code) is None


def silence_before_acting_does_nothing(street):
    hold = Hold(street)
    fault(street, "silent")
    try:
        hold.send(timeout=0.2)
        raise AssertionError("answered")
    except (TimeoutError, socket.timeout):
        pass
    assert held(street, hold.code) is None
    assert street.ctl("ledger")["lines"][-1]["note"] == "not-acted-on"
    assert hold.timeout_reverse().reason == "MISSING_AUTH"


def silence_after_acting_has_acted(street):
    hold = Hold(street)
    fault(street, "silent", "when=after")
    try:
        hold.send(timeout=1)
        raise AssertionError("answered")
    except (TimeoutError, socket.timeout):
        pass
    assert held(street, hold.code) == "50.00"
    assert hold.timeout_reverse().status == 201
    assert held(street, hold.code) == "0.00"


def a_drop_before_acting_does_nothing(street):
    hold = Hold(street)
    fault(street, "drop")
    breaks(hold, OSError, http.client.HTTPException)
    assert held(street, hold.code) is None
    assert hold.send().body["status"] == "AUTHORIZED"


def a_drop_after_acting_loses_the_answer(street):
    hold = Hold(street)
    fault(street, "drop", "when=after")
    breaks(hold, OSError, http.client.HTTPException)
    assert held(street, hold.code) == "50.00"
    assert hold.send().reason == "DUPLICATE_REQUEST"
    assert held(street, hold.code) == "50.00"
    found = street.client.post("/tss/v2/searches", ac.search("clientReferenceInformation.code:" + hold.code))
    assert found.totalCount == 1, found


def a_502_before_acting_does_nothing(street):
    for reason in ["SYSTEM_ERROR", "SERVER_TIMEOUT", "SERVICE_TIMEOUT"]:
        hold = Hold(street)
        fault(street, "502", "reason=" + reason)
        answer = hold.send()
        assert answer.status == 502 and answer.body["status"] == "SERVER_ERROR" and answer.reason == reason, answer
        assert not answer.encrypted and held(street, hold.code) is None


def a_502_after_acting_lies(street):
    hold = Hold(street)
    fault(street, "502", "reason=SERVER_TIMEOUT", "when=after")
    answer = hold.send()
    assert answer.status == 502 and answer.reason == "SERVER_TIMEOUT", answer
    assert held(street, hold.code) == "50.00"


def a_401_and_a_429_do_nothing(street):
    for status in [401, 429]:
        hold = Hold(street)
        fault(street, str(status), "op=authorize")
        answer = hold.send()
        assert answer.status == status and list(answer.body) == ["response"], answer
        assert held(street, hold.code) is None
        assert hold.send().body["status"] == "AUTHORIZED"


def a_refusal_by_order_does_nothing(street):
    hold = Hold(street)
    fault(street, "refuse", "reason=INVALID_MERCHANT_CONFIGURATION")
    answer = hold.send()
    assert answer.status == 400 and answer.reason == "INVALID_MERCHANT_CONFIGURATION", answer
    assert held(street, hold.code) is None


def a_truncated_answer_is_no_json(street):
    hold = Hold(street)
    fault(street, "truncate")
    answer = hold.send()
    assert answer.status == 201 and answer.body is None and len(answer.raw) > 100, answer
    assert answer.raw.startswith(b'{"encryptedResponse":"') and not answer.raw.endswith(b"}")
    assert held(street, hold.code) == "50.00"


def deep_answers_are_brackets_only(street):
    for kind, n in (("deep", 250000), ("too-deep", 300000)):
        hold = Hold(street)
        fault(street, kind)
        answer = hold.send()
        assert answer.status == 201 and answer.raw == b"[" * n, (kind, answer.raw[:40])
        assert held(street, hold.code) == "50.00"


def a_member_is_named_twice(street):
    hold = Hold(street)
    fault(street, "twice-named")
    answer = hold.send()
    assert answer.raw.startswith(b'{"encryptedResponse":null,"encryptedResponse":"ey'), answer.raw[:60]
    assert held(street, hold.code) == "50.00"


def a_cut_answer_is_incomplete(street):
    hold = Hold(street)
    fault(street, "cut")
    breaks(hold, http.client.IncompleteRead, OSError)
    assert held(street, hold.code) == "50.00"


def a_page_of_another_type_comes(street):
    hold = Hold(street)
    fault(street, "wrong-type")
    answer = hold.send()
    assert answer.status == 200 and answer.content_type == "text/html" and answer.body is None, answer
    assert held(street, hold.code) == "50.00"


def an_answer_comes_twice(street):
    hold = Hold(street)
    fault(street, "twice")
    body = json.dumps({"encryptedRequest": hold.client.jwe(json.dumps(hold.message).encode())}).encode()
    connection = hold.client.connect()
    token = hold.client.jwt(hold.client.claims("POST", PAYMENTS, body))
    connection.request("POST", PAYMENTS, body, {"Content-Type": "application/json", "Authorization": "Bearer " + token})
    everything = b""
    while True:
        try:
            part = connection.sock.recv(65536)
        except OSError:
            break
        if not part:
            break
        everything += part
    connection.close()
    assert everything.startswith(b"HTTP/1.1 201") and everything.count(b"HTTP/1.1 201") == 2, everything
    half = len(everything) // 2
    assert everything[:half] == everything[half:]
    assert held(street, hold.code) == "50.00"


def a_request_that_is_delivered_twice_counts_once(street):
    hold = Hold(street)
    fault(street, "duplicate")
    answer = hold.send()
    assert answer.status == 400 and answer.reason == "DUPLICATE_REQUEST", answer
    assert held(street, hold.code) == "50.00"
    assert [line["move"] for line in street.lines(hold.code)] == ["hold", "none"]


def a_partial_approval_holds_less(street):
    hold = Hold(street)
    fault(street, "partial", "amount=20.00")
    answer = hold.send()
    assert answer.body["status"] == "PARTIAL_AUTHORIZED", answer
    assert answer.orderInformation["amountDetails"]["authorizedAmount"] == "20.00", answer
    assert held(street, hold.code) == "20.00"
    assert Hold(street).send().body["status"] == "AUTHORIZED"


def faults_wait_for_their_operation_and_count(street):
    fault(street, "502", "op=capture", "count=2")
    fault(street, "401", "op=reversal")
    hold = Hold(street)
    payment = hold.send()
    assert payment.body["status"] == "AUTHORIZED"
    path = "%s/%s/captures" % (PAYMENTS, payment.id)
    message = ac.capture("10.00", hold.code)
    assert [street.client.post(path, message).status for _ in range(3)] == [502, 502, 201]
    assert street.ctl("acquirer", "requests")["faults"] == 1
    fault(street, "clear")
    assert street.ctl("acquirer", "requests")["faults"] == 0


def a_fault_for_ever_lasts_until_cleared(street):
    fault(street, "429", "count=-1")
    assert [Hold(street).send().status for _ in range(3)] == [429] * 3
    fault(street, "clear")
    assert Hold(street).send().status == 201


def orders_that_make_no_sense_are_refused(street):
    for words in [["acquirer"], ["acquirer", "dance"], ["acquirer", "fault"], ["acquirer", "fault", "burn"],
                  ["acquirer", "fault", "drop", "op=steal"], ["acquirer", "fault", "drop", "when=never"],
                  ["acquirer", "fault", "delay", "ms=-1"], ["acquirer", "fault", "delay", "ms=1s"],
                  ["acquirer", "fault", "drop", "typo=1"], ["acquirer", "rule", "maybe"],
                  ["acquirer", "rule", "decline", "op=capture"], ["acquirer", "rule", "partial", "amount=1,50"],
                  ["acquirer", "card", "pan=4111"], ["acquirer", "tls", "none"], ["acquirer", "cents", "maybe"],
                  ["acquirer", "clock", "offset-s=soon"], ["acquirer", "mle", "alg=RSA1_5"], ["ledger", "kode=1"],
                  ["acquirer", "down", "now"], ["acquirer", "up", "x=1"], ["elephant"]]:
        answer = street.ctl(*words, fail=True)
        assert answer["error"], words
    assert Hold(street).send().status == 201


def a_bench_ends_with_a_silent_request_open(street):
    hold = Hold(street)
    fault(street, "silent", "when=after")
    connection = hold.client.connect(timeout=5)
    body = json.dumps({"encryptedRequest": hold.client.jwe(json.dumps(hold.message).encode())}).encode()
    token = hold.client.jwt(hold.client.claims("POST", PAYMENTS, body))
    connection.request("POST", PAYMENTS, body, {"Content-Type": "application/json", "Authorization": "Bearer " + token})
    acted = street.ctl("acquirer", "requests")["acted"]["authorize"]
    until(street, max(acted, 1), what="acted")
    fault(street, "hold")
    later = Hold(street).client.connect(timeout=5)
    came = street.ctl("acquirer", "requests")["came"]["authorize"]
    token = hold.client.jwt(hold.client.claims("POST", PAYMENTS, body))
    later.request("POST", PAYMENTS, body, {"Content-Type": "application/json", "Authorization": "Bearer " + token})
    until(street, came + 1)
    assert street.stop() == 0
    connection.close()
    later.close()
    street.start()


if __name__ == "__main__":
    with ac.Street(sys.argv[1]) as the_street:
        status = tap_cases.run(tap_cases.collect(globals()), "/bench/acquirer/faults", the_street)
    sys.exit(status)
