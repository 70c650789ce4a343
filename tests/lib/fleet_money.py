# SPDX-License-Identifier: Apache-2.0
"""Amounts and instants of a made-up fleet: minor units, and seconds since 1970 in UTC. Nothing of payment/ is used."""
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

DIGITS = {"EUR": 2, "CHF": 2, "USD": 2, "JPY": 0, "KWD": 3}
SITE = ZoneInfo("Europe/Berlin")
DAY = 86400


def half_up(numerator, denominator):
    """Of whole numbers, denominator above zero; halves away from zero."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def decimal(minor, currency):
    """"-12.05", as the files write it: with the currency's digits, no plus sign, no thousands."""
    digits = DIGITS[currency]
    text = str(abs(minor)).rjust(digits + 1, "0")
    text = text if digits == 0 else f"{text[:-digits]}.{text[-digits:]}"
    return "-" + text if minor < 0 else text


def instant(year, month, day, hour=0, minute=0, second=0, zone=timezone.utc):
    return int(datetime(year, month, day, hour, minute, second, tzinfo=zone).timestamp())


def utc(seconds, form="%Y-%m-%d %H:%M:%S"):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime(form)


def local(seconds, form="%Y-%m-%d %H:%M:%S", zone=SITE):
    return datetime.fromtimestamp(seconds, zone).strftime(form)


def local_day(seconds, zone=SITE):
    """Days since 1970 of the site's calendar."""
    return (datetime.fromtimestamp(seconds, zone).date() - date(1970, 1, 1)).days


def day_text(day):
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def weekday(day):
    """Monday is 0."""
    return (date(1970, 1, 1) + timedelta(days=day)).weekday()


def banking_day(day, later):
    """The banking day `later` banking days after it; Saturdays and Sundays are none."""
    while later > 0 or weekday(day) > 4:
        day += 1
        later -= 1 if weekday(day) < 5 else 0
    return day
