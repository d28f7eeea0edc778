"""What is asked: a metric at a place and period, and what it is compared with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import duckdb

from aftersales.errors import AftersalesError
from aftersales.metrics.bindings import LIBRARY
from aftersales.metrics.model import Model

Language = Literal["zh", "en"]
_MONTH = re.compile(r"^(\d{4})-(\d{2})$")
_QUARTER = re.compile(r"^(\d{4})-[Qq]([1-4])$")
_WEEK = re.compile(r"^(\d{4})-[Ww](\d{1,2})$")
_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_ROW_BASES = {"previous": "previous", "last-year": "last_year", "last_year": "last_year"}
_NAMES_SHOWN = 12


@dataclass(frozen=True)
class Period:
    """A period by its kind and first day, and as people write it."""

    kind: str
    start: str
    text: str


@dataclass(frozen=True)
class Scope:
    """A store, a region or the network."""

    kind: str
    key: str
    name: str


@dataclass(frozen=True)
class Side:
    """One side of the comparison, in the words of the SQL templates."""

    scope: Scope
    period: Period

    @property
    def scope_kind(self) -> str:
        """store, region or network."""
        return self.scope.kind

    @property
    def scope_key(self) -> str:
        """Store key, region name, or network."""
        return self.scope.key

    @property
    def period_kind(self) -> str:
        """day, week, month or quarter."""
        return self.period.kind

    @property
    def start(self) -> str:
        """First day of the period."""
        return self.period.start


@dataclass(frozen=True)
class Metric:
    """A metric as Cube defines it."""

    code: str
    title_zh: str
    title_en: str
    unit: str
    direction: str
    maturity_days: int


@dataclass(frozen=True)
class Question:
    """Everything that decides the answer."""

    metric: Metric
    now: Side
    base: Side
    # previous or last_year where the row itself holds the base, else empty.
    against: str

    @property
    def is_mean_store(self) -> bool:
        """Whether a sum is compared with the mean store of a larger place."""
        return self.now.scope_kind == "store" and self.base.scope_kind != "store"

    @property
    def is_within_store(self) -> bool:
        """Whether members that belong to one store can be told on both sides."""
        return self.now.scope == self.base.scope and self.now.scope_kind == "store"

    @property
    def places(self) -> list[str]:
        """Places that are members of the place asked for."""
        if self.now.scope != self.base.scope:
            return []
        return {"region": ["store"], "network": ["region", "store"]}.get(self.now.scope_kind, [])


def metrics_of(model: Model) -> dict[str, Metric]:
    """The metrics of the library by code."""
    found = {}
    for name, measure in model.members(LIBRARY, "measures").items():
        if name.startswith("_"):
            continue
        title_zh, _, title_en = str(measure["title"]).partition(" / ")
        meta = measure["meta"]
        found[name] = Metric(
            name, title_zh, title_en, meta["unit"], meta["direction"], meta["maturity_days"]
        )
    return found


def find_metric(model: Model, text: str) -> Metric:
    """The metric a person means: by its code, its titles or a synonym."""
    metrics = metrics_of(model)
    wanted = text.strip().lower().replace("-", "_")
    if wanted in metrics:
        return metrics[wanted]
    for code, measure in model.members(LIBRARY, "measures").items():
        if code in metrics:
            one = metrics[code]
            names = [one.title_zh, one.title_en, *measure["meta"]["synonyms"]]
            if text.strip().lower() in {str(name).lower() for name in names}:
                return one
    raise AftersalesError(
        f"There is no metric '{text}': name one of {', '.join(sorted(metrics))}, or its title."
    )


def read_period(text: str) -> Period:
    """A day 2025-10-31, week 2025-W44, month 2025-10 or quarter 2025-Q3."""
    try:
        if month := _MONTH.match(text):
            return Period("month", date(int(month[1]), int(month[2]), 1).isoformat(), text)
        if quarter := _QUARTER.match(text):
            first = date(int(quarter[1]), 3 * int(quarter[2]) - 2, 1)
            return Period("quarter", first.isoformat(), text.upper())
        if week := _WEEK.match(text):
            first = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            return Period("week", first.isoformat(), text.upper())
        if _DAY.match(text):
            return Period("day", date.fromisoformat(text).isoformat(), text)
    except ValueError:
        pass
    raise AftersalesError(
        f"'{text}' is no period: write a day 2025-10-31, a week 2025-W44, a month 2025-10 or a "
        "quarter 2025-Q3."
    )


def period_text(kind: str, start: date) -> str:
    """Write a period as `read_period` reads it."""
    if kind == "month":
        return f"{start:%Y-%m}"
    if kind == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    if kind == "week":
        thursday = start + timedelta(days=3)
        return f"{thursday.isocalendar().year}-W{thursday.isocalendar().week:02d}"
    return start.isoformat()


def find_scope(
    connection: duckdb.DuckDBPyConnection, store: str | None, region: str | None
) -> Scope:
    """The place a person means by name or key; the network without one."""
    if store and region:
        raise AftersalesError("Give --store or --region, not both.")
    if store:
        return _find(connection, store, ["store"])
    if region:
        return _find(connection, region, ["region"])
    return Scope("network", "network", "")


def _places(connection: duckdb.DuckDBPyConnection) -> list[Scope]:
    stores = connection.execute(
        "select store_key, store_name from marts.dim_store order by store_key"
    ).fetchall()
    regions = connection.execute(
        "select distinct region_name from marts.dim_store order by region_name"
    ).fetchall()
    return [
        *(Scope("store", key, name) for key, name in stores),
        *(Scope("region", name, name) for (name,) in regions),
    ]


def _find(connection: duckdb.DuckDBPyConnection, text: str, kinds: Sequence[str]) -> Scope:
    known = [place for place in _places(connection) if place.kind in kinds]
    for place in known:
        if text in (place.key, place.name):
            return place
    names = [place.name for place in known]
    more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
    raise AftersalesError(
        f"There is no {' or '.join(kinds)} '{text}': name one of "
        f"{', '.join(names[:_NAMES_SHOWN])}{more}."
    )


def make_question(
    connection: duckdb.DuckDBPyConnection,
    metric: Metric,
    place: Scope,
    period: Period,
    against: str,
) -> Question:
    """Say what the place and period are compared with."""
    now = Side(place, period)
    if against in _ROW_BASES:
        column = _ROW_BASES[against]
        return Question(metric, now, _earlier(connection, now, f"{column}_start_on"), column)
    if against in {"region", "network"}:
        return Question(metric, now, Side(_larger(connection, place, against), period), "")
    try:
        other = read_period(against)
    except AftersalesError:
        return Question(metric, now, Side(_other_place(connection, against), period), "")
    if other.kind != period.kind:
        raise AftersalesError(
            f"A {period.kind} cannot be compared with a {other.kind}: give --against a "
            f"{period.kind}, as --period {period.text} is."
        )
    return Question(metric, now, Side(place, other), "")


def _other_place(connection: duckdb.DuckDBPyConnection, text: str) -> Scope:
    try:
        return _find(connection, text, ["store", "region"])
    except AftersalesError as error:
        raise AftersalesError(
            f"--against '{text}' is neither previous, last-year, region, network, a period such as "
            "2025-08, nor a store or region of this company."
        ) from error


def _larger(connection: duckdb.DuckDBPyConnection, place: Scope, kind: str) -> Scope:
    if kind == "network":
        larger = Scope("network", "network", "")
    elif place.kind == "store":
        found = connection.execute(
            "select region_name from marts.dim_store where store_key = ?", [place.key]
        ).fetchone()
        name = str(found[0]) if found else ""
        larger = Scope("region", name, name)
    else:
        raise AftersalesError("Only a store has a region: give --store, or --against network.")
    if place.kind == larger.kind:
        raise AftersalesError(f"A {place.kind} cannot be compared with itself: name another side.")
    return larger


def _earlier(connection: duckdb.DuckDBPyConnection, now: Side, column: str) -> Side:
    found = connection.execute(
        f"select {column} from intermediate.int_periods "
        "where period_kind = ? and period_start_on = ?",
        [now.period_kind, now.start],
    ).fetchone()
    if found is None:
        raise AftersalesError(
            f"The version published knows no {now.period_kind} {now.period.text}: "
            f"{_known(connection, now.period_kind)}."
        )
    start: date = found[0]
    text = period_text(now.period_kind, start)
    return Side(now.scope, Period(now.period_kind, start.isoformat(), text))


def _known(connection: duckdb.DuckDBPyConnection, kind: str) -> str:
    found = connection.execute(
        "select min(period_start_on), max(period_start_on) from marts.fct_metric_periods "
        "where period_kind = ?",
        [kind],
    ).fetchone()
    if found is None or found[0] is None:
        return "build one with metrics by period first"
    return f"name one from {period_text(kind, found[0])} to {period_text(kind, found[1])}"
