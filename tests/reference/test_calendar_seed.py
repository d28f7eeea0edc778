"""The committed holiday seed says what the library says."""

import csv
from datetime import date
from pathlib import Path

import chinese_calendar
import pytest

from aftersales.calendar_seed import FIRST_DAY, last_known_day, write_seed
from aftersales.settings import Settings

SEED = Settings().project_dir / "seeds" / "calendar" / "public_holidays.csv"


def test_seed_is_what_the_library_gives(tmp_path: Path) -> None:
    write_seed(tmp_path / "fresh.csv")
    assert (tmp_path / "fresh.csv").read_text(encoding="utf-8") == SEED.read_text(
        encoding="utf-8"
    ), "the library and the seed differ: run `python -m aftersales.calendar_seed`"


@pytest.mark.parametrize("year", range(FIRST_DAY.year, last_known_day().year + 1))
def test_workdays_follow_from_the_seed(year: int) -> None:
    with SEED.open(encoding="utf-8", newline="") as file:
        kinds = {row["date_on"]: row["day_kind"] for row in csv.DictReader(file)}
    day = date(year, 1, 1)
    while day.year == year:
        kind = kinds.get(day.isoformat())
        is_workday = kind == "adjusted_workday" or (day.isoweekday() < 6 and kind != "holiday")
        assert is_workday == chinese_calendar.is_workday(day), day
        day = date.fromordinal(day.toordinal() + 1)
