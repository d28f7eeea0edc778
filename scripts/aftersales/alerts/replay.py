"""A rule or the score over history, as it is and as it might be: how often, on what, which flip."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console
from rich.table import Table

from aftersales.alerts.decisions import published
from aftersales.alerts.shadow import (
    ALERT_MODELS,
    SCORE_MODELS,
    CompiledModel,
    compile_models,
    shadow_of,
)
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import identifier, literal
from aftersales.warehouse.versions import database_of

SCORE = "score"
_ALIASES = {"yellow": "yellow_at", "red": "red_at"}
# What of a rule may be tried with another number.
_COLUMNS = frozenset(
    {
        "yellow_at", "red_at", "yellow_streak", "red_streak", "min_change", "band_low", "band_high",
        "window_days", "min_days", "min_sample", "close_after", "stale_after_days",
    }
)  # fmt: skip
_FLIPS_SHOWN = 12
_MONTHS_BEFORE = 12

_ALERTS = """
    select
        rule_id,
        count(*) as alert_count,
        count(*) filter (where worst_colour = 'red' and classification <> 'data') as red_count,
        count(*) filter (where worst_colour = 'yellow' and classification <> 'data')
            as yellow_count,
        count(*) filter (where classification = 'data') as data_count,
        count(distinct scope_key) as scope_count,
        cast(median(days_open) as integer) as median_days
    from {schema}.episodes
    where opened_on between $since and $until
    group by rule_id
    order by rule_id
"""
_FLIPS = """
    with pairs as (
        select
            coalesce(now.rule_id, tried.rule_id) as rule_id,
            coalesce(now.scope_key, tried.scope_key) as scope_key,
            coalesce(now.evaluated_on, tried.evaluated_on) as evaluated_on,
            coalesce(now.colour, 'not judged') as colour_now,
            coalesce(tried.colour, 'not judged') as colour_tried
        from current_rules.signals as now
        full join tried_rules.signals as tried
            on now.rule_id = tried.rule_id
            and now.scope_key = tried.scope_key
            and now.evaluated_on = tried.evaluated_on
    )

    select
        rule_id, colour_now, colour_tried, count(*) as day_count,
        count(distinct scope_key) as scope_count,
        min(evaluated_on) as first_on, max(evaluated_on) as last_on
    from pairs
    where colour_now <> colour_tried and evaluated_on between $since and $until
    group by rule_id, colour_now, colour_tried
    order by rule_id, day_count desc, colour_now, colour_tried
"""
_WHERE = """
    select
        episodes.rule_id, coalesce(stores.store_name, episodes.scope_key) as scope_name,
        episodes.opened_on, episodes.days_open, episodes.worst_colour, episodes.classification,
        episodes.deviation
    from {schema}.episodes as episodes
    left join marts.dim_store as stores on episodes.store_key = stores.store_key
    where episodes.opened_on between $since and $until
    order by episodes.opened_on desc, episodes.rule_id, episodes.scope_key
    limit {limit}
"""
_SCORES = """
    with pairs as (
        select
            coalesce(stores.store_name, now.scope_key) as scope_name,
            now.scope_kind, now.month_start_on,
            now.colour as colour_now, tried.colour as colour_tried,
            now.total_score as score_now, tried.total_score as score_tried
        from current_rules.scores as now
        inner join tried_rules.scores as tried
            on now.scope_kind = tried.scope_kind
            and now.scope_key = tried.scope_key
            and now.month_start_on = tried.month_start_on
        left join marts.dim_store as stores on now.store_key = stores.store_key
        where now.month_start_on between $since and $until and now.is_complete
    )

    select * from pairs
    order by month_start_on, scope_kind, scope_name
"""


@dataclass(frozen=True)
class ReplayRequest:
    """What is tried: a rule (or all rules of a requirement) or the score, over days of history."""

    rule: str
    since: date
    until: date
    thresholds: Sequence[str] = ()
    rule_set: str = "requirement"
    against: str | None = None


@dataclass
class Replay:
    """What came of it, as tables to print."""

    title: str
    tables: list[tuple[str, list[str], list[tuple[Any, ...]]]] = field(default_factory=list)

    def add(self, title: str, result: duckdb.DuckDBPyConnection) -> None:
        """Keep the rows of a query under a heading."""
        names = [column[0] for column in result.description]
        self.tables.append((title, names, result.fetchall()))


def replay(home: Home, settings: Settings, progress: Progress, request: ReplayRequest) -> Replay:
    """Run the rule over history with the SQL of the models, as it is and with what is tried."""
    if request.until < request.since:
        raise AftersalesError(
            f"--to {request.until} lies before --from {request.since}: exchange them."
        )
    manifest = published(home)
    changes = dict(_change(text) for text in request.thresholds)
    database = database_of(home, manifest.version_id)
    if request.rule == SCORE:
        return _replay_score(home, settings, progress, database, request, changes)
    columns = {_ALIASES.get(name, name): value for name, value in changes.items()}
    unknown = sorted(columns.keys() - _COLUMNS)
    if unknown:
        raise AftersalesError(
            f"A rule has no threshold {unknown[0]}: name one of yellow, red, "
            f"{', '.join(sorted(_COLUMNS))}."
        )
    as_of_on = min(request.until, date.fromisoformat(manifest.as_of_on))
    models = compile_models(home, settings, progress, ALERT_MODELS)
    shown = Replay(f"{request.rule}, {request.since} to {as_of_on}")
    with duckdb.connect() as both:
        for schema, tried in (("current_rules", {}), ("tried_rules", columns)):
            with progress.step(f"Replay {request.rule}, {schema.replace('_', ' ')}"):
                _run_rules(both, schema, database, models, _Rules(request, as_of_on, tried))
        _add_stores(both, database)
        days = {"since": request.since, "until": as_of_on}
        shown.add("Alerts opened, rules in force", both.execute(_alerts("current_rules"), days))
        if columns:
            shown.add("Alerts opened, as tried", both.execute(_alerts("tried_rules"), days))
            shown.add("Colours that flip", both.execute(_FLIPS, days))
        listed = _WHERE.format(
            schema="tried_rules" if columns else "current_rules", limit=_FLIPS_SHOWN
        )
        shown.add(f"The newest {_FLIPS_SHOWN} alerts", both.execute(listed, days))
    return shown


@dataclass(frozen=True)
class _Rules:
    """The rules of one run."""

    request: ReplayRequest
    as_of_on: date
    changes: dict[str, Decimal]

    def replaced(self) -> dict[str, str]:
        """The tables that differ from the published ones."""
        wanted = literal(self.request.rule)
        changed = ", ".join(f"{value} as {name}" for name, value in sorted(self.changes.items()))
        exchange = f" replace ({changed})" if changed else ""
        months = _MONTHS_BEFORE + (self.as_of_on - self.request.since).days // 30
        return {
            "reference.alert_rules": (
                f"select *{exchange} from published.reference.alert_rules "
                f"where status <> 'retired' and (rule_id = {wanted} "
                f"or list_contains(string_split(requirement, ' '), {wanted}))"
            ),
            "reference.thresholds": (
                "select * replace (case when threshold_code = 'alert_history_months' "
                f"then {months} else value end as value) from published.reference.thresholds"
            ),
            "landing.run_context": (
                f"select * replace (date '{self.as_of_on}' as as_of_on) "
                "from published.landing.run_context"
            ),
        }


def _run_rules(
    both: duckdb.DuckDBPyConnection,
    schema: str,
    database: Path,
    models: Sequence[CompiledModel],
    rules: _Rules,
) -> None:
    with shadow_of(database, rules.replaced(), models) as shadow:
        row = shadow.execute("select count(*) from reference.alert_rules").fetchone()
        if not row or not row[0]:
            raise AftersalesError(
                f"There is no rule {rules.request.rule}: name a rule of the seed alert_rules "
                "(A9_visits), a number of the requirement (A9), or score."
            )
        both.execute(f"create schema {schema}")
        for table, source in (("signals", "int_alert_signals"), ("episodes", "int_alert_episodes")):
            rows = shadow.execute(f"from intermediate.{source}").to_arrow_table()
            both.register("rows", rows)
            both.execute(f"create table {schema}.{table} as from rows")
            both.unregister("rows")


def _replay_score(
    home: Home,
    settings: Settings,
    progress: Progress,
    database: Path,
    request: ReplayRequest,
    changes: dict[str, Decimal],
) -> Replay:
    against = request.against or request.rule_set
    models = compile_models(home, settings, progress, SCORE_MODELS)
    shown = Replay(f"Score {request.rule_set} against {against}")
    with duckdb.connect() as both:
        for schema, rule_set, tried in (
            ("current_rules", request.rule_set, {}),
            ("tried_rules", against, changes),
        ):
            with progress.step(f"Replay score {rule_set}, {schema.replace('_', ' ')}"):
                _run_score(both, schema, database, models, (rule_set, tried))
        _add_stores(both, database)
        days = {"since": request.since.replace(day=1), "until": request.until}
        both.execute(f"create table pairs as {_SCORES}", days)
        shown.add(
            "Months by colour",
            both.execute(
                "select colour_now, colour_tried, count(*) as month_count, "
                "count(distinct scope_name) as scope_count from pairs group by all order by all"
            ),
        )
        shown.add(
            "Colours that flip",
            both.execute(
                "select scope_name, month_start_on, score_now, colour_now, score_tried, "
                "colour_tried from pairs where colour_now is distinct from colour_tried "
                "order by month_start_on, scope_name"
            ),
        )
    return shown


def _run_score(
    both: duckdb.DuckDBPyConnection,
    schema: str,
    database: Path,
    models: Sequence[CompiledModel],
    tried: tuple[str, dict[str, Decimal]],
) -> None:
    rule_set, changes = tried
    cases = " ".join(
        f"when item_code = {literal(name)} then {value}" for name, value in sorted(changes.items())
    )
    exchange = f" replace (case {cases} else target_low end as target_low)" if cases else ""
    replaced = {"reference.score_items": f"select *{exchange} from published.reference.score_items"}
    with shadow_of(database, replaced, models) as shadow:
        known = {
            str(row[0])
            for row in shadow.execute("select item_code from reference.score_items").fetchall()
        }
        unknown = sorted(changes.keys() - known)
        if unknown:
            raise AftersalesError(
                f"The score has no item {unknown[0]}: name one of {', '.join(sorted(known))}."
            )
        rows = shadow.execute(
            "from marts.fct_scores where rule_set_code = ? and part_code = 'total'", [rule_set]
        ).to_arrow_table()
        if not rows.num_rows:
            raise AftersalesError(
                f"There is no rule set {rule_set}: see seeds/scores/score_rule_sets.csv."
            )
        both.execute(f"create schema {schema}")
        both.register("rows", rows)
        both.execute(f"create table {schema}.scores as from rows")
        both.unregister("rows")


def _add_stores(both: duckdb.DuckDBPyConnection, database: Path) -> None:
    both.execute(f"attach {literal(database)} as published (read_only)")
    both.execute("create schema marts")
    both.execute("create table marts.dim_store as from published.marts.dim_store")
    both.execute("detach published")


def _alerts(schema: str) -> str:
    return _ALERTS.format(schema=identifier(schema))


def _change(text: str) -> tuple[str, Decimal]:
    name, separator, value = text.partition("=")
    try:
        number = Decimal(value)
    except InvalidOperation:
        separator = ""
    if not separator or not name or not number.is_finite():
        raise AftersalesError(f"'{text}' is no threshold: write name=number, for example red=20.")
    return name, number


def print_replay(shown: Replay, label: str | None, console: Console) -> None:
    """Print the tables of a replay."""
    suffix = f" · {label}" if label else ""
    console.print(f"[bold]{shown.title}[/]{suffix}")
    for title, names, rows in shown.tables:
        table = Table(*[name.replace("_", " ") for name in names], title=title, box=None)
        table.title_justify = "left"
        for row in rows:
            table.add_row(*["–" if value is None else _text(value) for value in row])
        console.print()
        console.print(table if rows else f"{title}: none")


def _text(value: Any) -> str:
    return f"{value:,.1f}" if isinstance(value, Decimal) else str(value)
