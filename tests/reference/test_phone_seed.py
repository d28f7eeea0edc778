"""The committed seed of number ranges, and the SQL that reads it, say what the library says."""

import csv
from pathlib import Path

import duckdb
import phonenumbers
from jinja2 import Environment
from phonenumbers import PhoneNumberType

from aftersales.phone_seed import write_seed
from aftersales.settings import Settings
from aftersales.sql import literal

PROJECT = Settings().project_dir
SEED = PROJECT / "seeds" / "identity" / "phone_ranges.csv"

# Every prefix of mobiles, area codes with both lengths of numbers, and how people write them.
PHONES = [
    *(f"1{at:02d}{rest}" for at in range(100) for rest in ("12345678", "40512345", "06123456")),
    *(f"0{area}{rest}" for area in range(10, 30) for rest in ("62345678", "6234567")),
    *(f"0{area}{rest}" for area in range(300, 1000) for rest in ("62345678", "6234567")),
    *(shape.format("139 1234 5678") for shape in ("+86 {}", "0086-{}", "86{}", "0{}", "{}1")),
    *("+86 755 2234 5678", "(010) 6234-5678", "139123456", "123", "0", ""),
]  # fmt: skip


def by_the_library(phone: str) -> str:
    """What kind of number a phone is, by the library."""
    try:
        number = phonenumbers.parse(phone, "CN")
    except phonenumbers.NumberParseException:
        return "malformed"
    kinds = {PhoneNumberType.MOBILE: "mobile", PhoneNumberType.FIXED_LINE: "landline"}
    return kinds.get(phonenumbers.number_type(number), "malformed")


def test_seed_is_what_the_library_gives(tmp_path: Path) -> None:
    write_seed(tmp_path / "fresh.csv")
    assert (tmp_path / "fresh.csv").read_text(encoding="utf-8") == SEED.read_text(
        encoding="utf-8"
    ), "the library and the seed differ: run `python -m aftersales.phone_seed`"


def test_no_number_is_in_two_ranges() -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        ranges = [(row["phone_prefix"], row["digit_count"]) for row in csv.DictReader(file)]
    assert len(set(ranges)) == len(ranges)
    assert not [
        (one, other)
        for one in ranges
        for other in ranges
        if one != other and one[1] == other[1] and one[0].startswith(other[0])
    ]


def test_the_models_read_a_phone_as_the_library_does() -> None:
    macros = (PROJECT / "macros" / "quality" / "phone_numbers.sql").read_text(encoding="utf-8")
    # The dispatched macro in its form for DuckDB.
    matches = (
        "{% macro matches(text, pattern) %}"
        "regexp_matches({{ text }}, '{{ pattern }}')"
        "{% endmacro %}"
    )
    template = Environment().from_string(matches + macros + "{{ with_phone('typed') }}")
    with_phone = template.render()
    with duckdb.connect() as connection:
        connection.execute("create table typed as select unnest(?) as phone", [PHONES])
        read = connection.execute(
            f"with phone_ranges as (from read_csv({literal(SEED)}, all_varchar = true, "
            "types = {'digit_count': 'integer'})) "
            f"select phone, phone_kind, phone_digits from ({with_phone})"
        ).fetchall()
    assert len(read) == len(PHONES)
    assert {phone: kind for phone, kind, _ in read} == {
        phone: by_the_library(phone) for phone in PHONES
    }
    assert {digits for _, kind, digits in read if kind != "mobile"} == {None}
    assert {digits for phone, _, digits in read if "139 1234 5678" in phone} == {
        "13912345678",
        None,
    }
