"""The time of day, which only manifests, ledgers and pointers may hold."""

from datetime import UTC, datetime


def utc_now() -> str:
    """The present moment in UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
