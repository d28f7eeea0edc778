"""The days of the demo company: its calendar and its extracts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from aftersales.demo.scales import Scale
from aftersales.errors import AftersalesError

ORIGIN = date(2022, 1, 1)
SPRING_FESTIVAL_CLOSED_DAYS = 3
LOOK_AHEAD_DAYS = 15


@dataclass(frozen=True)
class Day:
    """One day as the stores live it."""

    date_on: date
    is_holiday: bool
    is_open: bool
    is_eve: bool


@dataclass(frozen=True)
class Extract:
    """What the source systems hand out at one time: a month, or one day after the base horizon."""

    name: str
    from_on: date
    to_on: date
    is_first: bool


def day_number(day: date) -> int:
    """Give the days since the origin of the company's clock."""
    return (day - ORIGIN).days


def month_start(day: date) -> date:
    """Give the first day of the month of `day`."""
    return day.replace(day=1)


def next_month(day: date) -> date:
    """Give the first day of the month after the month of `day`."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def days_between(first: date, last: date) -> Iterator[date]:
    """Give each day from `first` to `last`."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def calendar(first: date, last: date) -> list[Day]:
    """Give the days with holidays; the stores close on the first days of the Spring Festival."""
    days: list[Day] = []
    closed_in_a_row = 0
    for day in days_between(first, last):
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
        closed_in_a_row = closed_in_a_row + 1 if name == "Spring Festival" and is_holiday else 0
        is_eve = not is_holiday and _is_named_holiday(day + timedelta(days=1))
        is_open = not 1 <= closed_in_a_row <= SPRING_FESTIVAL_CLOSED_DAYS
        days.append(Day(day, bool(is_holiday and name), is_open, is_eve))
    return days


def _is_named_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday and not just a weekend."""
    try:
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return False
    return bool(is_holiday and name)


def last_day(scale: Scale, days: int | None) -> date:
    """Give the last day the company's records cover."""
    if days is None:
        return scale.base_ends_on
    if days < 1:
        raise AftersalesError(f"A demo company needs at least one day, not {days}. Raise --days.")
    last = scale.starts_on + timedelta(days=days - 1)
    if last >= date(2026, 10, 1):
        raise AftersalesError(
            f"{days} days reach {last}, beyond the public holidays known so far. "
            f"Ask for at most {(date(2026, 9, 30) - scale.starts_on).days + 1} days."
        )
    return last


def extracts(scale: Scale, last: date) -> list[Extract]:
    """Give the extracts up to the day `last`: whole months of the base horizon, then days."""
    found: list[Extract] = []
    start = scale.starts_on
    while next_month(start) - timedelta(days=1) <= min(last, scale.base_ends_on):
        end = next_month(start) - timedelta(days=1)
        found.append(Extract(f"{start:%Y-%m}", start, end, start == scale.starts_on))
        start = next_month(start)
    for day in days_between(start, last):
        found.append(Extract(f"{day:%Y-%m-%d}", day, day, day == scale.starts_on))
    return found


def months_needed(extract: Extract) -> date:
    """Give the first day of the last month whose appointments the extract may hold."""
    return month_start(extract.to_on + timedelta(days=LOOK_AHEAD_DAYS))
