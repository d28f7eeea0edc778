"""Targets and bands that hold for every store, from their seed."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aftersales.errors import AftersalesError

BANDS_FILE = Path("seeds/metrics/metric_bands.csv")


@dataclass(frozen=True)
class Band:
    """A target with the ranges that count as good and fair; bounds are inside, empty is open."""

    metric: str
    target: float | None
    good: tuple[float | None, float | None]
    fair: tuple[float | None, float | None]
    owner: str
    valid_from: str
    reason: str


def read_bands(project: Path) -> dict[str, Band]:
    """Read the bands in force, by metric."""
    path = project / BANDS_FILE
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["valid_to"]]
    found: dict[str, Band] = {}
    for row in rows:
        metric = row["metric_code"]
        if metric in found:
            raise AftersalesError(
                f"{BANDS_FILE} has two bands in force for {metric}: end one of them with valid_to."
            )
        found[metric] = Band(
            metric,
            _number(row, "target_value"),
            (_number(row, "good_from"), _number(row, "good_to")),
            (_number(row, "fair_from"), _number(row, "fair_to")),
            row["owner"],
            row["valid_from"],
            row["reason"],
        )
    return found


def _number(row: Mapping[str, str], name: str) -> float | None:
    try:
        return float(row[name]) if row[name] else None
    except ValueError:
        raise AftersalesError(
            f"{BANDS_FILE}: {name} of {row['metric_code']} is {row[name]!r}, not a number."
        ) from None
