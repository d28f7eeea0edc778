"""Questions to the API, made from what a person types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aftersales.errors import AftersalesError

_VALUELESS_OPERATORS = frozenset({"set", "notSet"})
_FILTER_PARTS = 3


@dataclass(frozen=True)
class TimeRange:
    """The time dimension of a question, with its days and its granularity."""

    member: str | None = None
    since: str | None = None
    until: str | None = None
    granularity: str | None = None

    def as_time_dimension(self) -> dict[str, Any] | None:
        """The range as the API takes it; nothing when no time was asked for."""
        if self.member is None:
            if self.since or self.until or self.granularity:
                raise AftersalesError(
                    "Days or a granularity were given without their time dimension: add for "
                    "example `--time store_performance.business_on`."
                )
            return None
        if bool(self.since) != bool(self.until):
            raise AftersalesError("Give both --from and --to, or neither.")
        range_ = {"dateRange": [self.since, self.until]} if self.since else {}
        granularity = {"granularity": self.granularity} if self.granularity else {}
        return {"dimension": self.member, **range_, **granularity}


def make_question(
    measures: Sequence[str],
    dimensions: Sequence[str],
    conditions: Sequence[str],
    time: TimeRange,
    limit: int | None = None,
) -> dict[str, Any]:
    """Put a question together in the API's form."""
    if not measures and not dimensions:
        raise AftersalesError(
            "Name at least one measure, for example `--measure store_performance.revenue`."
        )
    question: dict[str, Any] = {"measures": list(measures), "dimensions": list(dimensions)}
    if conditions:
        question["filters"] = [_filter(condition) for condition in conditions]
    time_dimension = time.as_time_dimension()
    if time_dimension is not None:
        question["timeDimensions"] = [time_dimension]
    if limit is not None:
        question["limit"] = limit
    return question


def _filter(condition: str) -> dict[str, Any]:
    parts = condition.split(maxsplit=_FILTER_PARTS - 1)
    has_values = len(parts) == _FILTER_PARTS
    if not has_values and not (len(parts) == 2 and parts[1] in _VALUELESS_OPERATORS):
        raise AftersalesError(
            f"'{condition}' is not a filter: write 'member operator value,value', for example "
            "'store_performance.store_name equals 海淀店'."
        )
    values = {"values": parts[2].split(",")} if has_values else {}
    return {"member": parts[0], "operator": parts[1], **values}
