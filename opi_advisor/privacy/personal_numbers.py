"""Danish CPR numbers and payment card numbers among groups of digits."""
from __future__ import annotations

from opi_advisor.privacy.digit_groups import Groups

_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_REPLACEMENT = 60  # is added to the day of those who have no CPR number yet (erstatningspersonnummer)
# Sizes of the groups and of the year's digits: ddmmyy-xxxx in its forms, and the same with a year of four digits.
_CPR_SHORT = {(10,), (6, 4), (4, 2, 4), (3, 3, 4), (2, 2, 2, 4), (2, 2, 2, 2, 2), (1,) * 10}
_CPR_LONG = {(12,), (8, 4), (2, 2, 4, 4)}
# First digit by number of digits: Visa 4, Diners 3, American Express 3, the others; https://en.wikipedia.org/wiki/Payment_card_number
_CARD_STARTS = {13: "4", 14: "3", 15: "3", **dict.fromkeys(range(16, 20), "23456")}


def is_cpr(groups: Groups) -> bool:
    """Whether it can be a CPR number: its day exists. No check digit, as those given since 2007 have none."""
    if groups.sizes in _CPR_SHORT:
        return _same(groups.joints[:-1]) and _is_day(groups.number)
    if groups.sizes in _CPR_LONG:  # only with a dash at its end: else a date and a time
        return (_same(groups.joints[:-1]) and groups.joints[-1:] in ((), ("-",)) and _is_day(groups.number)
                and groups.number[4:6] in ("18", "19", "20"))
    return False


def is_card(groups: Groups) -> bool:
    """Whether it can be the number of a payment card: length, first digit and check digit (Luhn) are right."""
    number = groups.number
    return number[0] in _CARD_STARTS.get(len(number), "") and "/" not in groups.joints and _luhn(number)


def _is_day(number: str) -> bool:
    day, month = int(number[:2]), int(number[2:4])
    return 1 <= month <= 12 and (1 <= day <= _DAYS[month - 1] or 1 <= day - _REPLACEMENT <= _DAYS[month - 1])


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(number))]
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def _same(joints: tuple) -> bool:
    return len(set(joints)) <= 1
