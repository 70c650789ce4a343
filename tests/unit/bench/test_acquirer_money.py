# SPDX-License-Identifier: Apache-2.0
"""What happens to the money: every state of a payment, every way to ask twice, and the ledger as witness."""

import json
import os
import random
import sys
from decimal import Decimal

sys.path.insert(0, os.environ["TW_TEST_LIB"])
import acquirer_client as ac
import tap_cases

PAYMENTS = "/pts/v2/payments"


class Session:
    """One driver's payment; every message with its own transactionId."""

    def __init__(self, street, amount="50.00", authorize=True, **kw):
        self.street, self.client, self.amount = street, street.client, amount
        self.message = ac.authorization(amount, **kw)
        self.code = self.message["clientReferenceInformation"]["code"]
        self.transaction = self.message["clientReferenceInformation"]["transactionId"]
        if authorize:
            answer = self.send()
            assert answer.body["status"] == "AUTHORIZED", answer
            self.id = answer.id

    def send(self):
        return self.client.post(PAYMENTS, self.message)

    def path(self, what=""):
        return "%s/%s%s" % (PAYMENTS, self.id, what)

    def capture(self, amount, **kw):
        return self.client.post(self.path("/captures"), ac.capture(amount, self.code, **kw))

    def reverse(self, amount=None, **kw):
        return self.client.post(self.path("/reversals"), ac.reversal(amount or self.amount, self.code, **kw))

    def increment(self, amount):
        return self.client.ask("PATCH", self.path(), ac.increment(amount, self.code))

    def timeout_reverse(self, amount=None):
        return self.client.post("/pts/v2/reversals", ac.reversal(amount or self.amount, self.code, self.transaction))

    def sums(self, **expected):
        payment = self.street.payment(self.code)
        assert payment is not None, "no payment of %s" % self.code
        wanted = dict.fromkeys(["captured", "reversed", "refunded", "expired", "open"], "0.00")
        wanted.update(authorized=self.amount)
        wanted.update(expected)
        assert {name: payment[name] for name in wanted} == wanted, payment


def is_refused(answer, reason, status=400):
    assert answer.status == status and answer.body["status"] == "INVALID_REQUEST" and answer.reason == reason, answer


def a_hold_stays_open(street):
    s = Session(street)
    s.sums(open="50.00")


def a_full_capture_leaves_nothing_open(street):
    s = Session(street)
    answer = s.capture("50.00")
    assert answer.status == 201 and answer.body["status"] == "PENDING" and answer.id != s.id, answer
    assert answer.orderInformation["amountDetails"] == {"totalAmount": "50.00", "currency": "EUR"}, answer
    assert answer.clientReferenceInformation["code"] == s.code, answer
    s.sums(captured="50.00", captures=1, reversals=0)


def a_lower_capture_releases_the_rest_by_itself(street):
    s = Session(street)
    assert s.capture("12.30").status == 201
    s.sums(captured="12.30", reversed="37.70", captures=1, reversals=0)
    assert [line["op"] for line in street.lines(s.code)] == ["authorize", "capture", "release"]
    is_refused(s.reverse("37.70"), "TRANSACTION_ALREADY_SETTLED")


def a_second_capture_is_refused(street):
    s = Session(street)
    assert s.capture("12.30").status == 201
    is_refused(s.capture("5.00"), "TRANSACTION_ALREADY_SETTLED")
    s.sums(captured="12.30", reversed="37.70", captures=1)


def a_reversal_gives_everything_back(street):
    s = Session(street)
    answer = s.reverse()
    assert answer.status == 201 and answer.body["status"] == "REVERSED", answer
    assert answer.reversalAmountDetails == {"reversedAmount": "50.00", "originalTransactionAmount": "50.00",
                                            "currency": "EUR"}, answer
    s.sums(reversed="50.00", reversals=1)
    is_refused(s.reverse(), "AUTH_ALREADY_REVERSED")
    is_refused(s.capture("10.00"), "AUTH_ALREADY_REVERSED")
    s.sums(reversed="50.00", reversals=1)


def a_partial_reversal_leaves_the_rest(street):
    s = Session(street)
    assert s.reverse("20.00").status == 201
    s.sums(reversed="20.00", open="30.00")
    is_refused(s.reverse("30.01"), "INVALID_AMOUNT")
    is_refused(s.capture("30.01"), "EXCEEDS_AUTH_AMOUNT")
    assert s.capture("30.00").status == 201
    s.sums(reversed="20.00", captured="30.00")


def increments_add_up_under_the_first_id(street):
    s = Session(street)
    answer = s.increment("10.00")
    assert answer.status == 201 and answer.body["status"] == "AUTHORIZED" and answer.id == s.id, answer
    assert answer.orderInformation["amountDetails"]["totalAmount"] == "60.00", answer
    answer = s.increment("5.50")
    assert answer.orderInformation["amountDetails"]["totalAmount"] == "65.50", answer
    s.sums(authorized="65.50", open="65.50")
    street.ctl("acquirer", "rule", "decline", "op=increment", "reason=INSUFFICIENT_FUND", "count=1")
    answer = s.increment("1.00")
    assert answer.body["status"] == "DECLINED" and answer.errorInformation["reason"] == "INSUFFICIENT_FUND", answer
    s.sums(authorized="65.50", open="65.50")
    assert s.capture("65.50").status == 201
    is_refused(s.increment("1.00"), "TRANSACTION_ALREADY_REVERSED_OR_SETTLED")
    s.sums(authorized="65.50", captured="65.50")


def a_declined_payment_cannot_be_used(street):
    street.ctl("acquirer", "rule", "decline", "count=1")
    s = Session(street, authorize=False)
    s.id = s.send().id
    is_refused(s.capture("1.00"), "MISSING_AUTH")
    is_refused(s.reverse(), "MISSING_AUTH")
    is_refused(s.timeout_reverse(), "MISSING_AUTH")
    assert street.payment(s.code) is None


def unknown_ids_are_not_found(street):
    s = Session(street)
    s.id = "7999999999999999999999"
    for answer in [s.capture("1.00"), s.reverse(), s.increment("1.00"),
                   s.client.post(s.path("/voids"), ac.void(s.code)),
                   s.client.post(s.path("/refunds"), ac.capture("1.00", s.code))]:
        is_refused(answer, "INVALID_PAYMENT_ID", 404)


def ids_of_another_kind_are_refused(street):
    s = Session(street)
    s.id = s.capture("5.00").id
    is_refused(s.capture("1.00"), "INVALID_PAYMENT_ID")
    is_refused(s.client.post("/pts/v2/refunds/%s/voids" % s.id, ac.void(s.code)), "INVALID_PAYMENT_ID")
    is_refused(s.client.post("/pts/v2/credits/%s/voids" % s.id, ac.void(s.code)), "INVALID_PAYMENT_ID")


def a_repeated_authorization_is_a_duplicate(street):
    s = Session(street)
    is_refused(s.send(), "DUPLICATE_REQUEST")
    is_refused(s.send(), "DUPLICATE_REQUEST")
    s.sums(open="50.00")


def a_repeated_capture_is_a_duplicate(street):
    s = Session(street)
    message = ac.capture("20.00", s.code)
    assert s.client.post(s.path("/captures"), message).status == 201
    is_refused(s.client.post(s.path("/captures"), message), "DUPLICATE_REQUEST")
    s.sums(captured="20.00", reversed="30.00", captures=1)


def a_repeated_reversal_is_a_duplicate(street):
    s = Session(street)
    message = ac.reversal("50.00", s.code)
    assert s.client.post(s.path("/reversals"), message).status == 201
    is_refused(s.client.post(s.path("/reversals"), message), "DUPLICATE_REQUEST")
    s.sums(reversed="50.00", reversals=1)


def one_transaction_id_serves_one_operation(street):
    s = Session(street)
    is_refused(s.capture("5.00", transaction=s.transaction), "DUPLICATE_REQUEST")
    is_refused(s.reverse(transaction=s.transaction), "DUPLICATE_REQUEST")
    s.sums(open="50.00")


def a_refused_request_may_be_repeated(street):
    s = Session(street)
    message = ac.capture("60.00", s.code)
    is_refused(s.client.post(s.path("/captures"), message), "EXCEEDS_AUTH_AMOUNT")
    message["orderInformation"] = ac.money("40.00")
    assert s.client.post(s.path("/captures"), message).status == 201
    s.sums(captured="40.00", reversed="10.00")


def a_timeout_reversal_undoes_what_was_acted_on(street):
    s = Session(street)
    answer = s.timeout_reverse()
    assert answer.status == 201 and answer.body["status"] == "REVERSED", answer
    s.sums(reversed="50.00", reversals=1)
    is_refused(s.timeout_reverse(), "AUTH_ALREADY_REVERSED")
    s.sums(reversed="50.00", reversals=1)
    is_refused(s.send(), "DUPLICATE_REQUEST")


def a_timeout_reversal_must_name_the_amount(street):
    s = Session(street)
    is_refused(s.timeout_reverse("49.00"), "INVALID_AMOUNT")
    message = ac.reversal("50.00", s.code, s.transaction, currency="USD")
    is_refused(s.client.post("/pts/v2/reversals", message), "INVALID_AMOUNT")
    s.sums(open="50.00")


def a_timeout_reversal_undoes_a_partial_approval_whole(street):
    street.ctl("acquirer", "fault", "partial", "amount=20.00")
    s = Session(street, authorize=False)
    assert s.send().body["status"] == "PARTIAL_AUTHORIZED"
    assert s.timeout_reverse().status == 201
    s.sums(authorized="20.00", reversed="20.00")


def an_authorization_after_its_reversal_is_refused(street):
    s = Session(street, authorize=False)
    is_refused(s.timeout_reverse(), "MISSING_AUTH")
    is_refused(s.timeout_reverse(), "MISSING_AUTH")
    is_refused(s.send(), "DUPLICATE_REQUEST")
    assert street.payment(s.code) is None
    assert street.lines(s.code)[-1]["note"] == "undone-before-it-came"


def a_timeout_reversal_cannot_undo_a_capture(street):
    s = Session(street)
    assert s.capture("10.00").status == 201
    is_refused(s.timeout_reverse(), "TRANSACTION_ALREADY_SETTLED")
    s.sums(captured="10.00", reversed="40.00")


def a_voided_capture_can_be_captured_again(street):
    s = Session(street)
    capture = s.capture("20.00").id
    answer = s.client.post("/pts/v2/captures/%s/voids" % capture, ac.void(s.code))
    assert answer.status == 201 and answer.body["status"] == "VOIDED", answer
    assert answer.voidAmountDetails["voidAmount"] == "20.00", answer
    s.sums(reversed="30.00", open="20.00")
    is_refused(s.client.post("/pts/v2/captures/%s/voids" % capture, ac.void(s.code)), "NOT_VOIDABLE")
    assert s.capture("20.00").status == 201
    s.sums(reversed="30.00", captured="20.00", captures=2)


def a_timeout_void_undoes_a_capture(street):
    s = Session(street)
    message = ac.capture("20.00", s.code)
    assert s.client.post(s.path("/captures"), message).status == 201
    transaction = message["clientReferenceInformation"]["transactionId"]
    answer = s.client.post("/pts/v2/voids", ac.void(s.code, transaction))
    assert answer.status == 201 and answer.body["status"] == "VOIDED", answer
    s.sums(reversed="30.00", open="20.00")
    is_refused(s.client.post("/pts/v2/voids", ac.void(s.code, transaction)), "NOT_VOIDABLE")


def a_capture_after_its_void_is_refused(street):
    s = Session(street)
    message = ac.capture("20.00", s.code)
    transaction = message["clientReferenceInformation"]["transactionId"]
    is_refused(s.client.post("/pts/v2/voids", ac.void(s.code, transaction)), "MISSING_AUTH")
    is_refused(s.client.post(s.path("/captures"), message), "DUPLICATE_REQUEST")
    s.sums(open="50.00")


def the_void_of_a_failed_capture_tells_its_amount(street):
    s = Session(street)
    message = ac.capture("60.00", s.code)
    is_refused(s.client.post(s.path("/captures"), message), "EXCEEDS_AUTH_AMOUNT")
    answer = s.client.post("/pts/v2/voids", ac.void(s.code, message["clientReferenceInformation"]["transactionId"]))
    assert answer.status == 201 and answer.voidAmountDetails["originalTransactionAmount"] == "60.00", answer
    s.sums(open="50.00")


def nothing_is_voidable_after_the_batch(street):
    s = Session(street)
    capture = s.capture("20.00").id
    settled = [item for item in street.ctl("acquirer", "settle")["settled"] if item["code"] == s.code]
    assert settled == [{"id": capture, "paymentId": s.id, "code": s.code, "kind": "capture", "amount": "20.00",
                        "currency": "EUR"}], settled
    is_refused(s.client.post("/pts/v2/captures/%s/voids" % capture, ac.void(s.code)), "NOT_VOIDABLE")
    assert street.ctl("acquirer", "settle")["settled"] == []
    s.sums(captured="20.00", reversed="30.00")


def authorizations_are_not_voidable(street):
    s = Session(street)
    is_refused(s.client.post(s.path("/voids"), ac.void(s.code)), "NOT_VOIDABLE")
    s.sums(open="50.00")


def refunds_end_at_what_was_captured(street):
    s = Session(street)
    path = "/pts/v2/captures/%s/refunds" % s.capture("20.00").id
    answer = s.client.post(path, ac.capture("5.00", s.code))
    assert answer.status == 201 and answer.body["status"] == "PENDING", answer
    assert answer.refundAmountDetails == {"refundAmount": "5.00", "currency": "EUR"}, answer
    is_refused(s.client.post(path, ac.capture("15.01", s.code)), "INVALID_AMOUNT")
    second = s.client.post(path, ac.capture("15.00", s.code)).id
    s.sums(captured="20.00", reversed="30.00", refunded="20.00")
    assert s.client.post("/pts/v2/refunds/%s/voids" % second, ac.void(s.code)).status == 201
    s.sums(captured="20.00", reversed="30.00", refunded="5.00")
    assert s.client.post(path, ac.capture("15.00", s.code)).status == 201
    s.sums(captured="20.00", reversed="30.00", refunded="20.00")


def mastercard_refunds_have_no_9f6e(street):
    s = Session(street, pan="5555555555554444")
    path = "/pts/v2/captures/%s/refunds" % s.capture("20.00").id
    message = ac.capture("5.00", s.code)
    message["pointOfSaleInformation"] = {"emv": {"tags": "9F6E0400000000"}}
    is_refused(s.client.post(path, message), "INVALID_DATA")
    s.sums(captured="20.00", reversed="30.00")


def a_sale_takes_at_once(street):
    s = Session(street, authorize=False)
    s.message["processingInformation"]["capture"] = True
    s.id = s.send().id
    s.sums(captured="50.00")
    is_refused(s.capture("10.00"), "TRANSACTION_ALREADY_SETTLED")
    assert s.client.post(s.path("/refunds"), ac.capture("10.00", s.code)).status == 201
    is_refused(s.client.post(s.path("/voids"), ac.void(s.code)), "NOT_VOIDABLE")
    s.sums(captured="50.00", refunded="10.00")
    s = Session(street, authorize=False)
    s.message["processingInformation"]["capture"] = True
    s.id = s.send().id
    assert s.client.post("/pts/v2/voids", ac.void(s.code, s.transaction)).body["status"] == "VOIDED"
    s.sums(reversed="50.00")


def an_expired_hold_is_gone(street):
    s = Session(street)
    assert street.ctl("acquirer", "expire", "code=" + s.code)["expired"] == 1
    s.sums(expired="50.00")
    is_refused(s.capture("10.00"), "MISSING_AUTH")
    is_refused(s.reverse(), "TRANSACTION_ALREADY_REVERSED_OR_SETTLED")
    assert street.ctl("acquirer", "expire", "code=" + s.code)["expired"] == 0
    s.sums(expired="50.00")


def lookups_tell_the_state(street):
    s = Session(street)
    capture = s.capture("20.00").id
    details = s.client.get("/tss/v2/transactions/" + s.id)
    assert details.status == 200 and details.id == s.id and details.encrypted, details
    assert details.clientReferenceInformation == {"code": s.code}, details
    assert details.applicationInformation["applications"][0]["name"] == "ics_auth", details
    assert details.orderInformation["amountDetails"] == {"totalAmount": "50.00", "currency": "EUR"}, details
    details = s.client.get("/tss/v2/transactions/" + capture)
    assert details.rootId == s.id and details.applicationInformation["status"] == "PENDING", details
    application = details.applicationInformation["applications"][0]
    assert (application["name"], application["rCode"], application["reasonCode"]) == ("ics_bill", "1", "100"), details
    s = Session(street)
    assert s.reverse().status == 201
    details = s.client.get("/tss/v2/transactions/" + s.id)
    assert details.applicationInformation["status"] == "REVERSED", details


def searches_find_all_of_a_session(street):
    s = Session(street)
    assert s.increment("5.00").status == 201
    capture = s.capture("20.00").id
    answer = s.client.post("/tss/v2/searches", ac.search("clientReferenceInformation.code:" + s.code))
    assert answer.status == 201 and answer.totalCount == answer.count == 2, answer
    found = answer._embedded["transactionSummaries"]
    assert [f["id"] for f in found] == [capture, s.id], found
    assert found[1]["orderInformation"]["amountDetails"]["totalAmount"] == "55.00", found
    names = [a["name"] for a in found[1]["applicationInformation"]["applications"]]
    assert names == ["ics_auth", "ics_incremental_auth"]
    again = s.client.get("/tss/v2/searches/" + answer.searchId)
    assert again.status == 200 and again._embedded == answer._embedded, again
    query = 'clientReferenceInformation.code:"%s"' % s.code
    page = s.client.post("/tss/v2/searches", dict(ac.search(query), limit=1, offset=1))
    assert [f["id"] for f in page._embedded["transactionSummaries"]] == [s.id] and page.totalCount == 2, page
    query += " AND id:" + s.id
    page = s.client.post("/tss/v2/searches", dict(ac.search(query), sort="submitTimeUtc:asc"))
    assert page.totalCount == 1, page
    declined = s.client.post("/tss/v2/searches", ac.search("clientReferenceInformation.code:nobody"))
    assert declined.status == 201 and declined.totalCount == 0, declined
    assert declined._embedded == {"transactionSummaries": []}, declined


def searches_that_make_no_sense_are_refused(street):
    for query in ["", "x", "amount:5", "clientReferenceInformation.code:", "id:1 AND id:2", "id:1 OR id:2",
                  "id:1 AND code:1"]:
        answer = street.client.post("/tss/v2/searches", ac.search(query))
        assert answer.status == 400, (query, answer)
    for name, value in [("limit", 0), ("limit", 2501), ("limit", "20"), ("sort", "amount:desc"), ("save", "no"),
                        ("x", 1)]:
        is_refused(street.client.post("/tss/v2/searches", dict(ac.search("id:1"), **{name: value})), "INVALID_DATA")
    is_refused(street.client.get("/tss/v2/searches/nothing"), "NOT_FOUND", 404)


def searches_lag_behind(street):
    street.ctl("acquirer", "lag", "search-ms=3600000", "details-ms=3600000")
    s = Session(street)
    answer = s.client.post("/tss/v2/searches", ac.search("clientReferenceInformation.code:" + s.code))
    assert answer.totalCount == 0, answer
    assert s.client.get("/tss/v2/transactions/" + s.id).status == 404
    street.ctl("acquirer", "lag")
    assert s.client.get("/tss/v2/searches/" + answer.searchId).totalCount == 1


def alternative_payments_are_not_served(street):
    is_refused(street.client.post("/pts/v2/refresh-payment-status/1", {}), "INVALID_PAYMENT_ID", 404)
    s = Session(street)
    is_refused(street.client.post("/pts/v2/refresh-payment-status/" + s.id, {}), "NOT_SUPPORTED")


MOVES = {"hold": ("authorized", 1), "capture": ("captured", 1), "uncapture": ("captured", -1),
         "release": ("reversed", 1), "refund": ("refunded", 1), "unrefund": ("refunded", -1), "expire": ("expired", 1)}


def totals(lines):
    """The sums of each payment, added up here from the lines."""
    sums = {}
    for line in lines:
        if line["move"] != "none":
            name, sign = MOVES[line["move"]]
            of = sums.setdefault(line["paymentId"], dict.fromkeys([name for name, _ in MOVES.values()], Decimal(0)))
            of[name] += sign * Decimal(line["amount"])
    return sums


def random_orders_keep_the_books(street):
    """Whatever is asked in whatever order and however often: never more out than held, the file says the same."""
    dice = random.Random(20261122)
    seen = []
    for _ in range(12):
        s = Session(street)
        captures = ["7000000000000000000000"]
        for _ in range(12):
            if seen and dice.random() < 0.25:
                s.client.ask(*dice.choice(seen))
                continue
            amount = "%d.%02d" % (dice.randrange(60), dice.randrange(60))
            kind, path, message = dice.choice([
                ("POST", s.path("/captures"), ac.capture(amount, s.code)),
                ("POST", s.path("/reversals"), ac.reversal(amount, s.code)),
                ("PATCH", s.path(), ac.increment(amount, s.code)),
                ("POST", "/pts/v2/reversals", ac.reversal("50.00", s.code, s.transaction)),
                ("POST", "/pts/v2/captures/%s/voids" % captures[-1], ac.void(s.code)),
                ("POST", "/pts/v2/captures/%s/refunds" % captures[-1], ac.capture(amount, s.code)),
            ])
            seen.append((kind, path, message))
            answer = s.client.ask(kind, path, message)
            assert answer.status in (201, 400, 404), answer
            if answer.status == 201 and path.endswith("/captures"):
                captures.append(answer.id)
    ledger = street.ctl("ledger")
    lines = [json.loads(line) for line in open(street.dir + "/ledger.jsonl")]
    assert lines == ledger["lines"]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    sums = totals(lines)
    assert len(sums) == len(ledger["payments"])
    for payment in ledger["payments"]:
        mine = sums[payment["paymentId"]]
        for name, value in mine.items():
            assert Decimal(payment[name]) == value >= 0, (name, payment, mine)
        left = mine["authorized"] - mine["captured"] - mine["reversed"] - mine["expired"]
        assert Decimal(payment["open"]) == left >= 0, payment
        assert mine["refunded"] <= mine["captured"], payment


if __name__ == "__main__":
    with ac.Street(sys.argv[1]) as the_street:
        the_street.client.kept = the_street.client.connect()
        status = tap_cases.run(tap_cases.collect(globals()), "/bench/acquirer/money", the_street)
    sys.exit(status)
