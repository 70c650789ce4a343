# SPDX-License-Identifier: Apache-2.0
"""What a request must say, and what it must not: fields, amounts, EMV tags, tracks, cryptograms."""

import copy
import os
import sys

sys.path.insert(0, os.environ["TW_TEST_LIB"])
import acquirer_client as ac
import tap_cases

PAYMENTS = "/pts/v2/payments"
TAGS = "pointOfSaleInformation.emv.tags"


def at(message, path, value):
    """A copy with the value at the dotted path; None removes it."""
    message = copy.deepcopy(message)
    *groups, last = path.split(".")
    node = message
    for group in groups:
        node = node.setdefault(group, {})
    if value is None:
        del node[last]
    else:
        node[last] = value
    return message


def refused(street, message, reason, field=None, path=PAYMENTS, method="POST", detail="INVALID_DATA", **kw):
    code = message.get("clientReferenceInformation", {}).get("code")
    before = street.payment(code) if isinstance(code, str) else None
    answer = street.client.ask(method, path, message, **kw)
    assert answer.status == 400 and answer.body["status"] == "INVALID_REQUEST" and answer.reason == reason, answer
    if field:
        assert {"field": field, "reason": detail} in answer.details, answer
    assert before == (street.payment(code) if isinstance(code, str) else None)
    return answer


def approved(street, message, **kw):
    answer = street.client.post(PAYMENTS, message, **kw)
    assert answer.status == 201 and answer.body["status"] == "AUTHORIZED", answer
    return answer


def the_plain_authorization_is_approved(street):
    answer = approved(street, ac.authorization())
    assert len(answer.id) == 22 and answer.id.isdigit(), answer
    assert answer.orderInformation["amountDetails"] == {"authorizedAmount": "50.00", "totalAmount": "50.00",
                                                        "currency": "EUR"}, answer
    assert answer.processorInformation["responseCode"] == "00", answer
    assert len(answer.processorInformation["approvalCode"]) == 6, answer
    assert answer._links["capture"]["href"] == "/pts/v2/payments/%s/captures" % answer.id, answer
    assert set(answer._links) == {"self", "reversal", "capture"}, answer


def each_needed_field_is_missed(street):
    for path in ["clientReferenceInformation.code", "clientReferenceInformation.transactionId",
                 "processingInformation.commerceIndicator", "orderInformation.amountDetails.totalAmount",
                 "orderInformation.amountDetails.currency", "paymentInformation.card.type",
                 "pointOfSaleInformation.entryMode", "pointOfSaleInformation.terminalCapability",
                 "pointOfSaleInformation.catLevel", "pointOfSaleInformation.terminalId",
                 "pointOfSaleInformation.trackData", "pointOfSaleInformation.emv.tags"]:
        refused(street, at(ac.authorization(), path, None), "MISSING_FIELD", path, detail="MISSING_FIELD")


def an_empty_body_misses_everything(street):
    answer = street.client.post(PAYMENTS, {})
    assert answer.status == 400 and answer.reason == "MISSING_FIELD" and len(answer.details) >= 10, answer


def wrong_values_are_refused(street):
    for path, value in [
        ("processingInformation.commerceIndicator", "internet"), ("processingInformation.capture", "false"),
        ("processingInformation.authorizationOptions.authIndicator", "2"),
        ("pointOfSaleInformation.entryMode", "keyed"), ("pointOfSaleInformation.entryMode", "msd"),
        ("pointOfSaleInformation.terminalCapability", "5"), ("pointOfSaleInformation.terminalCapability", 2),
        ("pointOfSaleInformation.terminalCapability", 1), ("pointOfSaleInformation.catLevel", 9),
        ("pointOfSaleInformation.terminalId", "TOOLONGID"), ("pointOfSaleInformation.terminalId", ""),
        ("pointOfSaleInformation.terminalInputCapability", "Contactless"),
        ("pointOfSaleInformation.terminalInputCapability", [1]),
        ("pointOfSaleInformation.emv.cardSequenceNumber", "x1"), ("pointOfSaleInformation.emv.cardSequenceNumber", "2"),
        ("pointOfSaleInformation.emv.fallback", True), ("clientReferenceInformation.code", 7),
        ("clientReferenceInformation.code", "x" * 51), ("clientReferenceInformation.transactionId", {"a": "b"}),
        ("orderInformation.amountDetails.currency", "ZWL"), ("travelInformation.vehicleData.connectorType", "004"),
        ("travelInformation.vehicleData.chargingReasonCode", "009"),
    ]:
        field = path + ".a" if isinstance(value, dict) else path
        reason = "MISSING_FIELD" if path.endswith("transactionId") and not isinstance(value, dict) else "INVALID_DATA"
        refused(street, at(ac.authorization(), path, value), reason, field)


def unknown_fields_are_refused(street):
    for path in ["clientReferenceInformation.coment", "orderInformation.amountDetails.amount", "extra",
                 "pointOfSaleInformation.emv.extra.deep", "reversalInformation.reason",
                 "orderInformation.amountDetails.additionalAmount"]:
        refused(street, at(ac.authorization(), path, "x"), "INVALID_DATA", path)


def all_documented_fields_are_taken(street):
    message = ac.authorization()
    for path, value in [
        ("clientReferenceInformation.comments", "EV charging"),
        ("clientReferenceInformation.partner.solutionId", "ABCD1234"),
        ("processingInformation.authorizationOptions.deferredAuthIndicator", False),
        ("paymentInformation.initiationChannel", "00"), ("pointOfSaleInformation.terminalSerialNumber", "SN-1"),
        ("pointOfSaleInformation.serviceCode", "201"), ("travelInformation.vehicleData.connectorType", "002"),
        ("travelInformation.vehicleData.chargingReasonCode", "100"), ("travelInformation.duration", "2"),
    ]:
        message = at(message, path, value)
    approved(street, message)


def amounts_are_exact_decimals(street):
    for amount in ["0", "0.00", "-5.00", "+5.00", "5,00", "5.", ".50", "5.001", "1e2", " 5.00", "5.00 ", "NaN", "5.0.0",
                   "99999999999.99"]:
        refused(street, at(ac.authorization(), "orderInformation.amountDetails.totalAmount", amount), "INVALID_AMOUNT",
                "orderInformation.amountDetails.totalAmount")
    refused(street, at(ac.authorization(), "orderInformation.amountDetails.totalAmount", 50), "INVALID_DATA")
    for amount, minor in [("50", 5000), ("50.0", 5000), ("0.01", 1)]:
        message = ac.authorization()
        message["orderInformation"] = ac.money(amount)
        message["pointOfSaleInformation"]["emv"]["tags"] = ac.tags(minor)
        answer = approved(street, message)
        assert answer.orderInformation["amountDetails"]["totalAmount"] == "%d.%02d" % divmod(minor, 100), answer


def currencies_have_their_digits(street):
    for currency, number, amount, minor in [("JPY", "0392", "5000", 5000), ("KWD", "0414", "5.250", 5250)]:
        message = ac.authorization(currency=currency)
        message["orderInformation"] = ac.money(amount, currency)
        message["pointOfSaleInformation"]["emv"]["tags"] = ac.tags(minor, T5F2A=number)
        answer = approved(street, message)
        assert answer.orderInformation["amountDetails"]["authorizedAmount"] == amount, answer
    message["orderInformation"] = ac.money("50.5", "JPY")
    refused(street, message, "INVALID_AMOUNT")


def the_card_signs_the_same_amount(street):
    for changes in [{"T9F02": "000000005001"}, {"T9F02": "00000000500a"}, {"T9F02": "5000"}, {"T5F2A": "0840"},
                    {"T5F2A": "978f"}]:
        message = ac.authorization()
        message["pointOfSaleInformation"]["emv"]["tags"] = ac.tags(5000, **changes)
        refused(street, message, "INVALID_DATA", "pointOfSaleInformation.emv.tags")


def mandatory_tags_are_missed(street):
    for tag in ["9A", "9C", "5F2A", "9F1A", "9F02", "9F03", "9F36", "82", "84", "95", "9F10", "9F26", "9F33", "9F37"]:
        answer = refused(street, ac.authorization(**{"T" + tag: None}), "INVALID_DATA", TAGS)
        assert tag in answer.message, answer
    approved(street, ac.authorization(T9F27=None, T9F34=None))
    pan = "5555555555554444"
    for tag in ["9F27", "9F34"]:
        answer = refused(street, ac.authorization(pan=pan, **{"T" + tag: None}), "INVALID_DATA")
        assert tag in answer.message, answer


def forbidden_tags_are_refused(street):
    for tag in ["56", "57", "5A", "5F20", "5F24", "99", "9F0B", "9F1F", "9F20"]:
        answer = refused(street, ac.authorization(**{"T" + tag: "41"}), "INVALID_DATA", TAGS)
        assert "tag %s is forbidden" % tag in answer.message, answer


def malformed_tags_are_refused(street):
    good = ac.tags()
    for hex_text in ["", "9", "zz", good + "9F", good + "9F1A", good + "9F1A0502", good + "9F6E80", good + "9F6E8105",
                     good + "700282000", good + "7002820000", good + "9F1A020276", good + "9F6E84000000011", "9F"]:
        refused(street, at(ac.authorization(), "pointOfSaleInformation.emv.tags", hex_text), "INVALID_DATA",
                "pointOfSaleInformation.emv.tags")


def tags_are_at_most_252_characters(street):
    free = 252 - len(ac.tags()) - 6
    approved(street, ac.authorization(T9F6E="00" * (free // 2)))
    answer = refused(street, ac.authorization(T9F6E="00" * (free // 2 + 1)), "INVALID_DATA")
    assert "252" in answer.message, answer


def tracks_have_sentinels_and_a_check_digit(street):
    field = "pointOfSaleInformation.trackData"
    good = ac.track()
    for text in ["", good[1:], good[:-1], good + "9", good.replace("=", "D"), ";4111111111111111?",
                 ";41111111111=30122011234567?", ";" + "4" * 20 + "=3012201?", ";4111111111111111=3013201?",
                 ";4111111111111111=3000201?", "%B4111^X^?", good[:-1] + "1" * 20 + "?"]:
        refused(street, at(ac.authorization(), field, text), "INVALID_DATA", field)
    refused(street, at(ac.authorization(), field, ac.track("4111111111111112")), "INVALID_CARD", field)


def clear_track_data_is_refused(street):
    refused(street, ac.authorization(), "INVALID_DATA", "pointOfSaleInformation.trackData", encrypt=False)


def a_clear_capture_is_taken(street):
    message = ac.authorization()
    code = message["clientReferenceInformation"]["code"]
    payment = approved(street, message)
    answer = street.client.post(PAYMENTS + "/%s/captures" % payment.id, ac.capture("10.00", code), encrypt=False)
    assert answer.status == 201 and answer.body["status"] == "PENDING", answer


def only_visa_and_mastercard_are_taken(street):
    for pan in ["378282246310005", "6011111111111117", "3530111333300000"]:
        message = at(ac.authorization(pan=pan), "paymentInformation.card.type", "001")
        refused(street, message, "CARD_TYPE_NOT_ACCEPTED", "pointOfSaleInformation.trackData")
    refused(street, at(ac.authorization(), "paymentInformation.card.type", "003"), "CARD_TYPE_NOT_ACCEPTED",
            "paymentInformation.card.type")
    refused(street, at(ac.authorization(), "paymentInformation.card.type", "002"), "INVALID_CARD_TYPE",
            "paymentInformation.card.type")
    approved(street, ac.authorization(pan="5555555555554444"))
    approved(street, ac.authorization(pan="2223003122003222"))


def swipes_have_no_chip(street):
    swipe = at(ac.authorization(), "pointOfSaleInformation.entryMode", "swiped")
    refused(street, swipe, "INVALID_DATA", "pointOfSaleInformation.emv.tags")
    swipe = at(swipe, "pointOfSaleInformation.emv", None)
    approved(street, swipe)
    fallback = at(swipe, "pointOfSaleInformation.emv.fallback", True)
    fallback = at(fallback, "pointOfSaleInformation.emv.fallbackCondition", 1)
    fallback["clientReferenceInformation"] = ac.reference()
    approved(street, fallback)
    fallback = at(fallback, "pointOfSaleInformation.emv.fallbackCondition", None)
    refused(street, fallback, "INVALID_DATA", "pointOfSaleInformation.emv.fallback")


def encrypting_readers_send_no_track(street):
    message = at(ac.authorization(), "paymentInformation.fluidData.value", "AAAA")
    refused(street, message, "INVALID_DATA", "pointOfSaleInformation.trackData")
    message = at(message, "pointOfSaleInformation.trackData", None)
    message = at(message, "paymentInformation.fluidData.encoding", "Base64")
    approved(street, message)
    refused(street, at(message, "paymentInformation.fluidData.value", "A" * 3073), "INVALID_DATA")


def contact_chips_capture_with_their_tags(street):
    message = at(ac.authorization(), "pointOfSaleInformation.entryMode", "contact")
    refused(street, message, "INVALID_DATA", "pointOfSaleInformation.terminalCapability")
    message = at(message, "pointOfSaleInformation.terminalCapability", 4)
    message["clientReferenceInformation"] = ac.reference()
    payment = approved(street, message)
    path = PAYMENTS + "/%s/captures" % payment.id
    refused(street, ac.capture("10.00"), "MISSING_FIELD", path=path)
    good = at(ac.capture("10.00"), TAGS, "950500000000009f1003060111" + "9f2608" + "00" * 8)
    answer = street.client.post(path, good)
    assert answer.status == 201, answer


def follow_ups_miss_their_fields(street):
    payment = approved(street, ac.authorization())
    base = PAYMENTS + "/" + payment.id
    for method, path, message, field in [
        ("POST", base + "/captures", ac.capture("1.00"), "orderInformation.amountDetails.totalAmount"),
        ("POST", base + "/captures", ac.capture("1.00"), "orderInformation.amountDetails.currency"),
        ("POST", base + "/captures", ac.capture("1.00"), "clientReferenceInformation.transactionId"),
        ("PATCH", base, ac.increment("1.00"), "orderInformation.amountDetails.additionalAmount"),
        ("POST", base + "/reversals", ac.reversal("1.00"), "reversalInformation.amountDetails.totalAmount"),
        ("POST", base + "/voids", ac.void(), "clientReferenceInformation.code"),
        ("POST", "/pts/v2/reversals", ac.reversal("1.00"), "clientReferenceInformation.transactionId"),
        ("POST", "/pts/v2/voids", ac.void(), "clientReferenceInformation.transactionId"),
    ]:
        refused(street, at(message, field, None), "MISSING_FIELD", field, path, method, detail="MISSING_FIELD")
    refused(street, ac.capture("0.00"), "INVALID_AMOUNT", path=base + "/captures")
    refused(street, ac.capture("60.00"), "EXCEEDS_AUTH_AMOUNT", path=base + "/captures")
    refused(street, ac.capture("1.00", currency="USD"), "INVALID_DATA", path=base + "/captures")
    refused(street, ac.reversal("1.00", currency="USD"), "INVALID_DATA", path=base + "/reversals")


def declined(street, reason, note, message):
    code = message["clientReferenceInformation"]["code"]
    answer = street.client.post(PAYMENTS, message)
    assert answer.status == 201 and answer.body["status"] == "DECLINED", answer
    assert answer.errorInformation["reason"] == reason, answer
    assert "authorizedAmount" not in answer.orderInformation["amountDetails"], answer
    line = street.lines(code)[-1]
    assert line["note"] == note and line["move"] == "none" and line["http"] == 201, line
    assert street.payment(code) is None


def cryptograms_of_known_cards_are_checked(street):
    pan = "4000056655665556"
    message = ac.authorization(pan=pan)
    approved(street, message)
    assert street.lines(message["clientReferenceInformation"]["code"])[-1]["note"] == "cryptogram-unchecked"
    street.ctl("acquirer", "card", "pan=" + pan, "master-key=" + ac.MASTER_KEY.hex())
    message = ac.authorization(pan=pan, atc=100)
    approved(street, message)
    assert street.lines(message["clientReferenceInformation"]["code"])[-1]["note"] == "cryptogram-right"
    for changes in [{"T9F26": "0011223344556677"}, {"master": bytes(16)}, {"T9F10": "06011103a00001"},
                    {"T95": "8000000000"}, {"T9F37": "01020304"}, {"T82": "2001"}, {"T9A": "200101"}, {"T9F1A": "0250"},
                    {"T9C": "01"},
                    {"T9F36": "7fff"}, {"T9F03": "000000000001"}]:
        message = ac.authorization(pan=pan, atc=200)
        message["pointOfSaleInformation"]["emv"]["tags"] = ac.tags(5000, pan=pan, atc=200, **changes)
        declined(street, "PROCESSOR_DECLINED", "cryptogram-wrong", message)
    message = ac.authorization(pan=pan, sequence=2, atc=200)
    message["pointOfSaleInformation"]["emv"]["cardSequenceNumber"] = "002"
    approved(street, message)


def counters_must_rise(street):
    pan = "4000000000000010"
    street.ctl("acquirer", "card", "pan=" + pan, "master-key=" + ac.MASTER_KEY.hex())
    approved(street, ac.authorization(pan=pan, atc=7))
    declined(street, "PROCESSOR_DECLINED", "atc-not-higher", ac.authorization(pan=pan, atc=7))
    declined(street, "PROCESSOR_DECLINED", "atc-not-higher", ac.authorization(pan=pan, atc=6))
    approved(street, ac.authorization(pan=pan, atc=9))


def unpredictable_numbers_come_once(street):
    approved(street, ac.authorization(un=b"once"))
    declined(street, "PROCESSOR_DECLINED", "un-replayed", ac.authorization(un=b"once"))


def expired_cards_are_declined(street):
    field = "pointOfSaleInformation.trackData"
    declined(street, "EXPIRED_CARD", "card-expired", at(ac.authorization(), field, ac.track(expiry="2410")))
    declined(street, "EXPIRED_CARD", "card-expired", at(ac.authorization(), field, ac.track(expiry="9912")))
    approved(street, at(ac.authorization(), field, ac.track(expiry="4912")))


def reasons_come_by_cents(street):
    for cents, status, reason in [
        ("61", "DECLINED", "PROCESSOR_DECLINED"), ("62", "DECLINED", "INSUFFICIENT_FUND"),
        ("63", "DECLINED", "EXPIRED_CARD"), ("64", "DECLINED", "STOLEN_LOST_CARD"),
        ("65", "DECLINED", "ISSUER_UNAVAILABLE"), ("66", "DECLINED", "UNAUTHORIZED_CARD"),
        ("67", "DECLINED", "EXCEEDS_CREDIT_LIMIT"), ("68", "DECLINED", "BLOCKED_BY_CARDHOLDER"),
        ("69", "DECLINED", "SUSPENDED_ACCOUNT"), ("70", "DECLINED", "PAYMENT_REFUSED"),
        ("71", "DECLINED", "INVALID_ACCOUNT"), ("72", "DECLINED", "GENERAL_DECLINE"),
        ("73", "DECLINED", "CONTACT_PROCESSOR"), ("74", "DECLINED", "ALLOWABLE_PIN_RETRIES_EXCEEDED"),
        ("75", "DECLINED", "PROCESSOR_ERROR"), ("76", "DECLINED", "INVALID_MERCHANT_CONFIGURATION"),
        ("77", "PARTIAL_AUTHORIZED", None), ("78", "AUTHORIZED_PENDING_REVIEW", None),
        ("79", "AUTHORIZED_RISK_DECLINED", None), ("80", "PENDING_AUTHENTICATION", None),
    ]:
        message = ac.authorization("50." + cents)
        answer = street.client.post(PAYMENTS, message)
        assert answer.status == 201 and answer.body["status"] == status, (cents, answer)
        assert (answer.errorInformation or {}).get("reason") == reason, (cents, answer)
        payment = street.payment(message["clientReferenceInformation"]["code"])
        held = {"PARTIAL_AUTHORIZED": "25.38", "AUTHORIZED_PENDING_REVIEW": "50.78",
                "AUTHORIZED_RISK_DECLINED": "50.79"}.get(status)
        assert (payment and payment["open"]) == held, (cents, payment)
    street.ctl("acquirer", "cents", "off")
    approved(street, ac.authorization("50.61"))
    street.ctl("acquirer", "cents", "on")


def rules_decide_by_card(street):
    pan = "4000000000000028"
    street.ctl("acquirer", "rule", "decline", "pan=" + pan, "reason=STOLEN_LOST_CARD", "count=2")
    street.ctl("acquirer", "rule", "partial", "pan=4000000000000036", "amount=12.34")
    for _ in range(2):
        answer = street.client.authorize(pan=pan)
        assert answer.errorInformation["reason"] == "STOLEN_LOST_CARD", answer
    approved(street, ac.authorization(pan=pan))
    approved(street, ac.authorization())
    answer = street.client.authorize(pan="4000000000000036")
    assert answer.orderInformation["amountDetails"] == {"authorizedAmount": "12.34", "totalAmount": "50.00",
                                                        "currency": "EUR"}, answer
    street.ctl("acquirer", "rule", "odd", "count=1")
    answer = street.client.authorize()
    assert answer.body["status"] == "SOMETHING_NEW", answer
    street.ctl("acquirer", "rule", "clear")
    approved(street, ac.authorization(pan="4000000000000036"))


def no_card_number_is_kept(street):
    pan = "4000000000009995"
    message = ac.authorization(pan=pan)
    approved(street, message)
    text = open(street.dir + "/ledger.jsonl").read()
    assert '"card":"9995"' in text
    everything = text + str(street.ctl("ledger")) + str(street.ctl("status"))
    for secret in [pan, pan[:6], "2011234567"]:
        assert secret not in everything, secret


if __name__ == "__main__":
    with ac.Street(sys.argv[1]) as the_street:
        the_street.client.kept = the_street.client.connect()
        status = tap_cases.run(tap_cases.collect(globals()), "/bench/acquirer/fields", the_street)
    sys.exit(status)
