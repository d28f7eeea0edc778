"""A year with planted incidents, judged by the project's own models.

Every store of the published version gets one incident a month, the kinds in turn, by changing rows
of the store day in memory. The day on which an incident can be known at all (the third low day,
enough answers in the week) is worked out a second time, from the changed rows, apart from the
models.

    python -m aftersales.alerts.planted_year --home var --write docs/alerts.md
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from aftersales.alerts.decisions import published
from aftersales.alerts.shadow import CompiledModel, compile_models, shadow_of
from aftersales.errors import AftersalesError
from aftersales.files import write_text
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.versions import database_of

MODELS = ("int_alert_day_checks", "int_alert_days", "int_alert_signals", "int_alert_episodes")
BEGIN, END = "<!-- planted year: begin -->", "<!-- planted year: end -->"
# Rules about what has just happened; the other rules tell a state that lasts.
SUDDEN = ("A4_visits", "A5_csi", "A6_csi", "A9_visits")


@dataclass(frozen=True)
class Kind:
    """A kind of incident: how long it lasts and which rules are there to find it."""

    name: str
    days: int
    rules: tuple[str, ...]
    text: str
    # Whether an alert that stood yellow should turn red because of it.
    turns_red: bool = True


KINDS = (
    Kind("demand", 5, ("A4_visits", "A9_visits"), "visits, orders and revenue 40 % lower, 5 days"),
    Kind("csi_slide", 21, ("A5_csi",), "CSI 3, 6, 9 points lower, three weeks"),
    Kind("missing_day", 1, ("A9_visits",), "the DMS sends nothing for a day", False),
    Kind("csi_step", 28, ("A6_csi",), "CSI 8 points lower, from the first of a month, 28 days"),
    Kind("complaints", 21, ("A10_complaints",), "four times the complaints, 21 days", False),
    Kind("late_demand", 5, ("A4_visits", "A9_visits"), "as demand, half of the orders keyed late"),
    Kind("ticket", 28, ("A14_average_ticket", "A1_revenue"), "ticket 35 % lower, a month"),
)
_HELD_BACK = ("missing_day", "late_demand")
_FROM_CRM = (
    "csi_response_count", "nps_response_count", "promoter_count", "passive_count",
    "detractor_count", "survey_sent_count", "survey_response_count",
)  # fmt: skip

# One incident a store and month. Slides begin on a Monday, the others somewhere in the month.
_PLANTS = """
    create table plants as
    with months as (
        select cast(month as date) as month_on, row_number() over (order by month) as month_no
        from range(date '{first_on}', date '{last_on}', interval 1 month) as months (month)
    ),

    stores as (
        select store_key, row_number() over (order by store_key) as store_no
        from published.marts.dim_store
    ),

    kinds (kind_no, kind, day_count) as (values {kinds})

    select
        stores.store_key,
        kinds.kind,
        kinds.day_count,
        case
            when kinds.kind in ('csi_step', 'ticket') then months.month_on
            when kinds.kind = 'csi_slide'
                then cast(date_trunc('week', months.month_on + 6) as date)
            else cast(months.month_on + 1 + cast(
                hash({seed}, stores.store_key, months.month_on) % 9 as integer
            ) as date)
        end as first_on
    from stores
    cross join months
    inner join kinds on kinds.kind_no = (stores.store_no * 2 + months.month_no) % {kind_count}
    inner join published.marts.dim_store as opened
        on stores.store_key = opened.store_key and opened.opened_on < date '{first_on}'
"""
_PLANT_DAYS = """
    create table plant_days as
    select
        plants.store_key,
        plants.kind,
        plants.first_on,
        cast(plants.first_on + cast(day_no as integer) as date) as business_on,
        case plants.kind
            when 'csi_slide' then -3 * (1 + day_no // 7)
            when 'csi_step' then -8
            else 0
        end as csi_shift,
        case
            when plants.kind in ('demand', 'late_demand') then 0.6
            when plants.kind = 'missing_day' then 0
            else 1
        end as demand,
        case when plants.kind = 'ticket' then 0.65 else 1 end as ticket,
        case when plants.kind = 'complaints' then 4 else 1 end as complaints
    from plants
    cross join range(28) as offsets (day_no)
    where day_no < plants.day_count
"""
# When an incident can be known, from the changed rows alone.
_DUE = """
    create table due as
    with answered as (
        select
            plants.store_key,
            plants.first_on,
            days.business_on,
            sum(days.csi_response_count) over (
                partition by plants.store_key, plants.first_on, case
                    when plants.kind = 'csi_slide' then date_trunc('week', days.business_on)
                    else plants.first_on
                end
                order by days.business_on
            ) as answer_count
        from plants
        inner join planted_days as days
            on plants.store_key = days.store_key
            and days.business_on between plants.first_on and plants.first_on + plants.day_count - 1
    ),

    complained as (
        select
            store_key,
            business_on,
            sum(complaint_count) over (
                partition by store_key order by business_on rows 20 preceding
            ) as now_count,
            sum(complaint_count) over (
                partition by store_key order by business_on
                rows between 41 preceding and 21 preceding
            ) as before_count
        from planted_days
    ),

    means as (
        select
            store_key,
            business_on,
            sum(csi_score_sum) over month_so_far / sum(csi_response_count) over month_so_far as csi,
            cast(date_trunc('month', business_on) as date) as month_on
        from planted_days
        window month_so_far as (
            partition by store_key, date_trunc('month', business_on) order by business_on
        )
    ),

    falls as (
        select means.store_key, means.business_on, last_means.csi - means.csi as fall
        from means
        inner join means as last_means
            on means.store_key = last_means.store_key
            and last_means.business_on = means.month_on - 1
    ),

    known as (
        select plants.store_key, plants.first_on, min(answered.business_on) as due_on
        from plants
        inner join answered
            on plants.store_key = answered.store_key and plants.first_on = answered.first_on
        inner join falls
            on answered.store_key = falls.store_key and answered.business_on = falls.business_on
        where
            (
                plants.kind = 'csi_slide'
                and answered.answer_count >= 15
                and answered.business_on >= plants.first_on + 14
            )
            or (
                plants.kind = 'csi_step' and answered.answer_count >= 40 and falls.fall >= 5
            )
        group by all

        union all

        select plants.store_key, plants.first_on, min(complained.business_on) as due_on
        from plants
        inner join complained
            on plants.store_key = complained.store_key
            and complained.business_on between plants.first_on and plants.first_on + 20
        where
            plants.kind = 'complaints'
            and complained.now_count >= 12
            and complained.now_count >= 1.6 * complained.before_count
        group by all
    )

    select
        plants.*,
        case plants.kind
            when 'demand' then cast(plants.first_on + 2 as date)
            when 'late_demand' then cast(plants.first_on + 2 as date)
            when 'missing_day' then plants.first_on
            when 'ticket' then cast(plants.first_on + 9 as date)
            else known.due_on
        end as due_on
    from plants
    left join known
        on plants.store_key = known.store_key and plants.first_on = known.first_on
"""
_FOUND = """
    create table found as
    select
        due.*,
        -- An alert that stood before notices the incident by turning red, or not at all.
        min(case
            when episodes.opened_on >= due.first_on then episodes.opened_on
            when episodes.red_on >= due.first_on then episodes.red_on
        end) as opened_on,
        coalesce(bool_or(
            episodes.red_on < due.first_on
            or (not finders.turns_red and episodes.opened_on < due.first_on)
        ), false) as stood_before,
        coalesce(bool_or(
            episodes.classification = 'business' and episodes.worst_colour = 'red'
        ), false) as is_business_red,
        coalesce(bool_or(episodes.classification <> 'business'), false) as is_held_back
    from memory.main.due as due
    inner join memory.main.finders as finders on due.kind = finders.kind
    left join intermediate.int_alert_episodes as episodes
        on due.store_key = episodes.store_key
        and finders.rule_id = episodes.rule_id
        and episodes.last_seen_on >= due.first_on
        and episodes.opened_on <= due.first_on + due.day_count + 2
    group by all
"""
_KINDS = """
    select
        kind,
        count(*) as planted,
        count(opened_on) as found,
        count(*) filter (where opened_on <= due_on + 1) as in_time,
        max(greatest(opened_on - due_on, 0)) as latest,
        median(opened_on - first_on) as median_days,
        count(*) filter (where opened_on is null and stood_before) as stood_before
    from found
    group by kind
    order by kind
"""
_HELD = """
    select count(*), count(*) filter (where is_held_back), count(*) filter (where is_business_red)
    from found where kind = ?
"""
# Of a year without plants every red alert is one that no incident explains.
_REDS = """
    select rule_id, count(*) as red_count
    from intermediate.int_alert_episodes
    where
        worst_colour = 'red' and classification = 'business' and scope_kind = 'store'
        and red_on between date '{first_on}' and date '{last_on}'
    group by rule_id
    order by rule_id
"""


@dataclass(frozen=True)
class PlantedYear:
    """The figures of a planted year."""

    first_on: date
    last_on: date
    store_months: int
    # kind, planted, found, found within a day of being knowable, latest day, median days from the
    # first day, and those whose alert stood already and could say nothing more
    kinds: list[tuple[str, int, int, int, int, float, int]]
    # kind, planted, held back as data or uncertain, red and blamed on the store
    held_back: list[tuple[str, int, int, int]]
    # rule and red alerts about business: with the incidents, and in the quiet months without any
    reds: dict[str, int]
    quiet_reds: dict[str, int]
    quiet_store_months: int

    @property
    def missed(self) -> int:
        """Incidents that were not found within a day of the day they could be known on."""
        return sum(
            planted - in_time - stood_before
            for _, planted, _, in_time, _, _, stood_before in self.kinds
        )

    def false_reds(self, *, sudden: bool) -> int:
        """Red alerts that no incident explains, of sudden rules or of the others."""
        return sum(count for rule, count in self.quiet_reds.items() if (rule in SUDDEN) is sudden)


def run_planted_year(
    database: Path,
    models: Sequence[CompiledModel],
    first_on: date,
    last_on: date,
    seed: int = 7,
) -> PlantedYear:
    """Judge the year of a published database twice: as it was, and with incidents planted."""
    days = {"first_on": first_on, "last_on": last_on}
    kinds = ", ".join(
        f"({number}, '{kind.name}', {kind.days})" for number, kind in enumerate(KINDS)
    )
    finders = ", ".join(
        f"('{kind.name}', '{rule}', {kind.turns_red})" for kind in KINDS for rule in kind.rules
    )
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = [
            str(row[0]) for row in connection.execute("describe marts.fct_store_day").fetchall()
        ]
    prepare = [
        _PLANTS.format(kinds=kinds, kind_count=len(KINDS), seed=seed, **days),
        _PLANT_DAYS,
        f"create table planted_days as {_planted_days(columns)}",
        _DUE,
        f"create table finders as from (values {finders}) as t (kind, rule_id, turns_red)",
    ]
    history = _long_history(first_on, last_on)
    planted = {
        "marts.fct_store_day": "from memory.main.planted_days",
        "quality.dq_store_days": _PLANTED_ROWS,
    }
    # The demo company ends with stories of its own: its last month is not quiet.
    quiet_until = last_on.replace(day=1) - timedelta(days=1)
    with shadow_of(database, history, models, prepare) as shadow:
        quiet = shadow.execute(_REDS.format(first_on=first_on, last_on=quiet_until)).fetchall()
        quiet_store_months = _count(
            shadow, f"select count(*) from memory.main.plants where first_on <= '{quiet_until}'"
        )
    with shadow_of(database, {**history, **planted}, models, prepare) as shadow:
        shadow.execute(_FOUND)
        return PlantedYear(
            first_on,
            last_on,
            _count(shadow, "select count(*) from memory.main.plants"),
            shadow.execute(_KINDS).fetchall(),
            [
                (kind, *(shadow.execute(_HELD, [kind]).fetchone() or (0, 0, 0)))
                for kind in _HELD_BACK
            ],
            dict(shadow.execute(_REDS.format(**days)).fetchall()),
            dict(quiet),
            quiet_store_months,
        )


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def _planted_days(columns: Sequence[str]) -> str:
    """The store days with the incidents in them: every sum of the DMS follows the demand."""
    changes = []
    for name in columns:
        if name in {"store_key", "business_on", *_FROM_CRM}:
            continue
        if name == "csi_score_sum":
            value = "days.csi_score_sum + coalesce(plant.csi_shift, 0) * days.csi_response_count"
        elif name == "complaint_count":
            value = "days.complaint_count * coalesce(plant.complaints, 1)"
        elif name.endswith("_amount"):
            value = f"days.{name} * coalesce(plant.demand, 1) * coalesce(plant.ticket, 1)"
        else:
            value = f"days.{name} * coalesce(plant.demand, 1)"
        changes.append(f"cast({value} as decimal(18, 2)) as {name}")
    return (
        f"select days.* replace ({', '.join(changes)}) from published.marts.fct_store_day as days "
        "left join plant_days as plant on days.store_key = plant.store_key "
        "and days.business_on = plant.business_on"
    )


_PLANTED_ROWS = """
    select counted.* replace (
        case when plant.kind = 'missing_day' and source_system = 'dms' then 0
            else counted.row_count end as row_count,
        case when plant.kind = 'late_demand' and source_system = 'dms' then counted.row_count // 2
            else counted.rows_late end as rows_late
    )
    from published.quality.dq_store_days as counted
    left join memory.main.plant_days as plant
        on counted.store_id = plant.store_key and counted.business_on = plant.business_on
"""


def _long_history(first_on: date, last_on: date) -> dict[str, str]:
    months = 6 + (last_on - first_on).days // 30
    return {
        "reference.thresholds": (
            "select * replace (case when threshold_code = 'alert_history_months' "
            f"then {months} else value end as value) from published.reference.thresholds"
        )
    }


def as_markdown(year: PlantedYear, label: str | None) -> str:
    """The figures as the section of the page."""
    texts = {kind.name: kind for kind in KINDS}
    lines = [
        f"{year.store_months} incidents planted, one a store and month, {year.first_on} to "
        f"{year.last_on}, over the {label or 'published company'}. An incident counts as found in "
        "time when its alert stands no later than the day after the first day on which it can be "
        "known: the third low day, enough answers, the tenth day of a month. *Stood "
        "before*: the store's alert stood already, as red as it can be, and had nothing to add.",
        "",
        "| incident | what was changed | looked for by | planted | found | in time | stood before "
        "| latest, days | median days from the first |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for kind, planted, found, in_time, latest, median, stood_before in year.kinds:
        told = texts[kind]
        lines.append(
            f"| {kind} | {told.text} | {', '.join(told.rules)} | {planted} | {found} | {in_time} "
            f"| {stood_before} | {latest} | {median:.0f} |"
        )
    lines += ["", "Held back because of the records under them:", ""]
    for kind, planted, held, red in year.held_back:
        lines.append(
            f"- {kind}: {held} of {planted} said 数据 or 不确定; {red} were red and blamed on the "
            "store."
        )
    lines += [
        "",
        "Red alerts about business of single stores, with the incidents, and in the "
        f"{year.quiet_store_months} store-months without any (false reds):",
        "",
        "| rule | with incidents | false |",
        "|---|---|---|",
    ]
    for rule in sorted(year.reds.keys() | year.quiet_reds.keys()):
        lines.append(f"| {rule} | {year.reds.get(rule, 0)} | {year.quiet_reds.get(rule, 0)} |")
    sudden, lasting = (
        year.false_reds(sudden=is_sudden) / year.quiet_store_months for is_sudden in (True, False)
    )
    lines += [
        "",
        f"False reds a store-month: {sudden:.2f} of the rules about what has just happened "
        f"({', '.join(SUDDEN)}). The other rules tell a state that lasts, and {lasting:.2f} of "
        "theirs a store-month are stores that are below target or region without any incident.",
    ]
    return "\n".join(lines)


def write_section(page: Path, text: str) -> None:
    """Put the figures between the marks of a page."""
    whole = page.read_text(encoding="utf-8")
    before, begin, rest = whole.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise AftersalesError(
            f"{page} has no place for the figures: put {BEGIN} and {END} in two lines of it."
        )
    write_text(page, f"{before}{BEGIN}\n{text}\n{END}{after}")


def main() -> None:
    """Run the planted year over a home and print or write its figures."""
    parser = argparse.ArgumentParser(description="Judge a year with planted incidents.")
    parser.add_argument("--home", type=Path, default=Path("var"))
    parser.add_argument("--write", type=Path, help="Page to write the figures into.")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    home, settings, progress = Home(arguments.home), Settings(), Progress()
    manifest = published(home)
    last_on = date.fromisoformat(manifest.as_of_on)
    database = database_of(home, manifest.version_id)
    with duckdb.connect(str(database), read_only=True) as connection:
        row = connection.execute("select min(business_on) from marts.fct_store_day").fetchone()
    # Two months of days before the first incident, so that there is something to compare with.
    known_from = row[0] if row else last_on
    first_on = date(
        known_from.year + (known_from.month + 1) // 12, (known_from.month + 1) % 12 + 1, 1
    )
    models = compile_models(home, settings, progress, MODELS)
    with progress.step("Judge a planted year"):
        year = run_planted_year(database, models, first_on, last_on, arguments.seed)
    text = as_markdown(year, manifest.synthetic_label)
    if arguments.write:
        write_section(arguments.write, text)
    else:
        print(text)


if __name__ == "__main__":
    main()
