"""Writes the seed of Chinese public holidays and adjusted workdays from chinese_calendar.

Run `python -m aftersales.calendar_seed` after an update of the library: the State Council announces
the days of a year in the autumn before it.
"""

import csv
import sys
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
from chinese_calendar.constants import Holiday

FIRST_DAY = date(2022, 1, 1)
SEED_PATH = Path("seeds/calendar/public_holidays.csv")


@dataclass(frozen=True)
class SpecialDay:
    """A day whose kind differs from its weekday's, or that belongs to a public holiday."""

    date_on: date
    day_kind: str
    holiday_name: str
    holiday_name_en: str


def last_known_day() -> date:
    """Give the last day of the last year the library knows."""
    return date(max(chinese_calendar.constants.holidays).year, 12, 31)


def special_days(first_on: date, last_on: date) -> Iterator[SpecialDay]:
    """Yield the public holidays and the weekend days worked in exchange for them."""
    chinese_names = {holiday.value: holiday.chinese for holiday in Holiday}
    for offset in range((last_on - first_on).days + 1):
        day = first_on + timedelta(days=offset)
        is_free, name = chinese_calendar.get_holiday_detail(day)
        if name is not None:
            kind = "holiday" if is_free else "adjusted_workday"
            yield SpecialDay(day, kind, chinese_names[name], name)


def write_seed(path: Path) -> int:
    """Write the seed and give its number of days."""
    days = list(special_days(FIRST_DAY, last_known_day()))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(SpecialDay)])
        writer.writerows(astuple(day) for day in days)
    return len(days)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else SEED_PATH
    print(f"{write_seed(target)} days written to {target}")
