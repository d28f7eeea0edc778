"""Writes the seed of number ranges given out in mainland China from phonenumbers.

Run `python -m aftersales.phone_seed` after an update of the library: the ministry gives out new
ranges every few years. The models join the seed; only this module and its test need the library.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import phonenumbers
from phonenumbers import PhoneNumberType

SEED_PATH = Path("seeds/identity/phone_ranges.csv")

_COUNTRY_CODE = 86
_MOBILE_DIGITS = 11
_MOBILE_PREFIX_DIGITS = range(3, 6)
_SUBSCRIBER_DIGITS = (7, 8)
# Numbers of an area code are tried with these first digits: 0, 1 and 9 are for services.
_FIRST_SUBSCRIBER_DIGITS = "2345678"


@dataclass(frozen=True)
class PhoneRange:
    """Numbers that begin alike, have one length and are given out for one kind of line."""

    phone_prefix: str
    phone_kind: str
    digit_count: int
    owner: str = "customer-experience"
    valid_from: str = "2022-01-01"
    valid_to: str = ""


def _is_kind(number: str, kind: int) -> bool:
    return phonenumbers.number_type(phonenumbers.PhoneNumber(_COUNTRY_CODE, int(number))) == kind


def _mobile_share(prefix: str) -> float:
    """The share of a prefix's hundred sub-ranges that are given out to mobile lines."""
    subranges = [f"{prefix}{next_digits:02d}" for next_digits in range(100)]
    hits = [_is_kind(text.ljust(_MOBILE_DIGITS, "5"), PhoneNumberType.MOBILE) for text in subranges]
    return sum(hits) / len(hits)


def mobile_ranges() -> Iterator[PhoneRange]:
    """Yield the shortest prefixes all of whose numbers are mobile."""
    open_prefixes = [f"1{second}" for second in range(10)]
    for length in _MOBILE_PREFIX_DIGITS:
        longer = [f"{prefix}{digit}" for prefix in open_prefixes for digit in range(10)]
        shares = {prefix: _mobile_share(prefix) for prefix in longer}
        yield from (
            PhoneRange(prefix, "mobile", _MOBILE_DIGITS)
            for prefix, share in shares.items()
            if share == 1
        )
        open_prefixes = [
            prefix for prefix, share in shares.items() if share < 1 and (share > 0 or length == 3)
        ]


def landline_ranges() -> Iterator[PhoneRange]:
    """Yield area codes without their zero, once for each length their numbers have."""
    area_codes = [str(code) for code in (*range(10, 30), *range(300, 1000))]
    for area_code in area_codes:
        for digits in _SUBSCRIBER_DIGITS:
            numbers = (
                area_code + (first + "3456789")[:digits] for first in _FIRST_SUBSCRIBER_DIGITS
            )
            if any(_is_kind(number, PhoneNumberType.FIXED_LINE) for number in numbers):
                yield PhoneRange(area_code, "landline", len(area_code) + digits)


def write_seed(path: Path) -> int:
    """Write the seed and give its number of ranges."""
    found = (*mobile_ranges(), *landline_ranges())
    ranges = sorted(found, key=lambda one: (one.phone_prefix, one.digit_count))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(PhoneRange)])
        writer.writerows(astuple(one) for one in ranges)
    return len(ranges)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SEED_PATH
    print(f"{write_seed(target)} ranges written to {target}")
