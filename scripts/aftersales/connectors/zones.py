"""Local times into UTC, in SQL and in Python."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from aftersales.sql import literal

_FIRST_YEAR, _LAST_YEAR = 1970, 2037


@cache
def _settled(zone: str) -> tuple[datetime, int] | None:
    """Since when a zone keeps one offset (in seconds) for good; none where clocks still change."""
    info = ZoneInfo(zone)

    def offset(moment: datetime) -> timedelta | None:
        return moment.replace(tzinfo=info).utcoffset()

    months = [
        datetime(year, month, 15)
        for year in range(_LAST_YEAR, _FIRST_YEAR - 1, -1)
        for month in range(12, 0, -1)
    ]
    final = offset(months[0])
    since = months[0]
    for month in months:
        if offset(month) != final:
            break
        since = month
    if final is None or since.year > _LAST_YEAR - 2:
        return None
    return since, int(final.total_seconds())


def to_utc_sql(expression: str, zone: str) -> str:
    """SQL of a naive local time as naive UTC; zones without summer time cost an addition only."""
    if zone == "UTC":
        return expression
    exact = f"timezone('UTC', timezone({literal(zone)}, {expression}))"
    settled = _settled(zone)
    if settled is None:
        return exact
    since, seconds = settled
    return (
        f"case when {expression} >= timestamp {literal(since.isoformat(' '))} "
        f"then {expression} - to_seconds({seconds}) else {exact} end"
    )


def local_start(moment: datetime, zone: str) -> datetime:
    """A naive local time before which nothing lies that is later than a moment of naive UTC.

    Where clocks are put back an hour comes twice: the earliest of the next hours is safe.
    """
    info = ZoneInfo(zone)
    return min(
        (moment + timedelta(hours=hours)).replace(tzinfo=UTC).astimezone(info).replace(tzinfo=None)
        for hours in range(3)
    )
