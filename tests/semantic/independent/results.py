"""What a comparison of one view by one grouping came to."""

from dataclasses import dataclass

from .compare import Difference


@dataclass(frozen=True)
class Result:
    """Measures of a view compared by one grouping."""

    view: str
    grouping: str
    measures: list[str]
    values: int
    differences: list[Difference]


@dataclass(frozen=True)
class Unmatched:
    """Measures of a view that are not compared, and why."""

    view: str
    measures: list[str]
    reason: str
