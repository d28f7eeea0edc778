"""`python -m benchmarks.normal`: how often rules that learn the normal speak, and what they find.

Clean years of several companies are judged day by day by the model of the project, in one query
each; then once more with incidents planted in the sums the model reads.
"""

import argparse
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console

from aftersales.alerts.shadow import CompiledModel, compile_models, shadow_of
from aftersales.demo.generate import generate
from aftersales.home import Home
from aftersales.landing.ingest import ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.build import build
from aftersales.warehouse.plan import BuildRequest
from benchmarks.gaming import DETECTORS, GAMING_STORE, MODELS, GamingLooks, judge_gaming

MODEL = "dq_learned_normals"
_DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
DAYS_APART, FIRST_AFTER_DAYS = 10, 105

# Kind, days it lasts, whether it should be found, what happens.
KINDS = (
    ("missing_day", 1, True, "no row of the DMS for a day"),
    ("half_day", 1, True, "half of the rows of a day"),
    ("doubled", 1, True, "twice the rows of a day, under new numbers"),
    ("landed_twice", 1, True, "a day landed twice, the second copy kept out"),
    ("new_code", 7, True, "40 % of the customers' lines under another payer for a week"),
    ("nulls", 1, True, "30 % of the lines of a day without service item"),
    ("in_wan", 1, True, "the amounts of a day divided by 10,000"),
    ("fewer_rows", 1, False, "near miss: 15 % fewer rows on a day"),
    ("dearer", 1, False, "near miss: amounts of a day 15 % higher"),
    ("other_mix", 7, False, "near miss: 3 % of the customers' lines under another payer"),
)
_PLANTS = """
    create table plants as
    with days as (
        select store_key, min(business_on) as opened_on, max(business_on) as newest_on
        from published.marts.fct_store_day group by store_key
    ),

    kinds (kind_no, kind, day_count, is_incident) as (values {kinds})

    select
        days.store_key, kinds.kind, kinds.day_count, kinds.is_incident,
        cast(
            days.opened_on + {first} + cast(number * {apart} as integer)
            + cast(right(days.store_key, 2) as integer) * 3 as date
        ) as first_on
    from days
    cross join range(40) as numbers (number)
    inner join kinds
        on kinds.kind_no = (number * 3 + cast(right(days.store_key, 2) as integer)) % {count}
    where
        days.opened_on + {first} + cast(number * {apart} as integer) + kinds.day_count
        < days.newest_on - 12
"""
_FACTOR = """case plants.kind
        when 'missing_day' then 0 when 'half_day' then 0.5 when 'doubled' then 2
        when 'fewer_rows' then 0.85 else 1
    end"""
_JOIN = """left join memory.main.plants as plants
        on days.{store} = plants.store_key
        and days.business_on between plants.first_on and plants.first_on + plants.day_count - 1"""
_STORE_DAYS = f"""
    select days.* replace (
        cast(round(days.order_count * coalesce({_FACTOR}, 1)) as integer) as order_count,
        cast(round(days.cancelled_order_count * coalesce({_FACTOR}, 1)) as integer)
            as cancelled_order_count
    )
    from published.marts.fct_store_day as days {_JOIN.format(store="store_key")}
"""
_DAY_ORDERS = _STORE_DAYS.replace("marts.fct_store_day", "intermediate.int_store_day_orders")
_MOVED = "case plants.kind when 'new_code' then 0.4 when 'other_mix' then 0.03 else 0 end"
_DAY_LINES = f"""
    with planted as (
        select days.*, plants.kind, {_FACTOR} as rows_factor,
            case plants.kind when 'in_wan' then 0.0001 when 'dearer' then 1.15 else 1 end
                as amount_factor,
            case when days.pay_type = 'customer' then {_MOVED} else 0 end as moved,
            case when plants.kind = 'nulls' then 0.3 else 0 end as emptied
        from published.intermediate.int_store_day_lines as days {_JOIN.format(store="store_key")}
    ),

    parts as (
        select *, 1 - moved - emptied as share, false as is_moved, false as is_emptied from planted
        union all
        select *, moved, true, false from planted where moved > 0
        union all
        select *, emptied, false, true from planted where emptied > 0
    )

    select * exclude (
        kind, rows_factor, amount_factor, moved, emptied, share, is_moved, is_emptied
    ) replace (
        case
            when is_moved and kind = 'new_code' then 'voucher'
            when is_moved then 'warranty'
            else pay_type
        end as pay_type,
        case when is_emptied then null else service_line end as service_line,
        cast(round(line_count * rows_factor * share) as integer) as line_count,
        cast(list_amount * rows_factor * share * amount_factor as decimal(18, 2)) as list_amount
    )
    from parts
    where round(line_count * rows_factor * share) > 0
"""
_DAY_CHECKS = f"""
    select days.* replace (
        cast(days.row_count * case when plants.kind = 'landed_twice' then 2 else 1 end as integer)
            as row_count,
        cast(days.rows_quarantined
            + case when plants.kind = 'landed_twice' then days.row_count else 0 end as integer)
            as rows_quarantined
    )
    from published.quality.dq_store_days as days {_JOIN.format(store="store_id")}
"""
# The build judges some months; here it is the whole year.
_THRESHOLDS = """
    select * replace (
        case when threshold_code = 'normal_judged_days' then 430 else value end as value
    ) from published.reference.thresholds
"""
# A fixed band around the day before, as spreadsheets have it, on the same rows.
_REFERENCE = """
    create table memory.main.alarms as
    with rows_of_days as (
        select store_key, 'orders' as what, business_on, order_count as n
        from intermediate.int_store_day_orders
        union all
        select store_key, line_type, business_on, sum(line_count)
        from intermediate.int_store_day_lines group by all
    ),

    compared as (
        select *, lag(n) over (partition by store_key, what order by business_on) as before
        from rows_of_days
    )

    select 'reference' as rule_code, store_key, business_on from compared
    where abs(n - before) > 0.5 * before
    union all
    select rule_code, store_key, business_on from quality.dq_learned_normals where is_alarm
"""
# Days of a store on which a rule speaks, that no plant explains; a week may show what lies in it.
_FALSE = """
    select alarms.rule_code, count(distinct (alarms.store_key, alarms.business_on))
    from memory.main.alarms as alarms
    where
        alarms.business_on >= (select min(business_on) from marts.fct_store_day) + 100
        and not exists (
            select 1 from memory.main.plants as plants
            where {planted} and alarms.store_key = plants.store_key
                and alarms.business_on between plants.first_on
                and plants.first_on + plants.day_count + 6
        )
    group by alarms.rule_code
"""
_FOUND = """
    select
        plants.kind,
        count(distinct (plants.store_key, plants.first_on)),
        count(distinct (plants.store_key, plants.first_on))
            filter (where alarms.rule_code <> 'reference'),
        count(distinct (plants.store_key, plants.first_on))
            filter (where alarms.rule_code = 'reference')
    from memory.main.plants as plants
    left join memory.main.alarms as alarms
        on plants.store_key = alarms.store_key
        and (
            (
                (plants.day_count > 1 or alarms.rule_code <> 'code_share')
                and alarms.business_on between plants.first_on
                and plants.first_on + plants.day_count - 1
            )
            or (
                alarms.rule_code = 'code_share' and plants.day_count > 1
                and alarms.business_on between plants.first_on
                and plants.first_on + plants.day_count + 5
            )
        )
    group by plants.kind
"""
_MONTHS = """
    select count(distinct store_key) * (
        (max(business_on) - min(business_on) - 100) / 30.4
    ) from marts.fct_store_day
"""


@dataclass
class Figures:
    """Store-months judged, alarms on clean and planted years, and incidents by kind."""

    store_months: float = 0
    clean: dict[str, int] = field(default_factory=dict)
    planted: dict[str, int] = field(default_factory=dict)
    # kind: planted, found by the rules, found by the reference
    found: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def add(self, other: "Figures") -> None:
        """Add the figures of another company."""
        self.store_months += other.store_months
        for mine, more in ((self.clean, other.clean), (self.planted, other.planted)):
            for rule, count in more.items():
                mine[rule] = mine.get(rule, 0) + count
        for kind, counts in other.found.items():
            mine_found = self.found.get(kind, (0, 0, 0))
            planted, found, reference = (a + b for a, b in zip(mine_found, counts, strict=True))
            self.found[kind] = (planted, found, reference)


def judge(database: Path, models: Sequence[CompiledModel]) -> Figures:
    """Judge a clean company as it is and with incidents planted."""
    kinds = ", ".join(
        f"({number}, '{kind}', {days}, {incident})"
        for number, (kind, days, incident, _) in enumerate(KINDS)
    )
    plants = _PLANTS.format(kinds=kinds, count=len(KINDS), first=FIRST_AFTER_DAYS, apart=DAYS_APART)
    figures = Figures()
    a_year = {"reference.thresholds": _THRESHOLDS}
    with shadow_of(database, a_year, models, [plants]) as shadow:
        shadow.execute(_REFERENCE)
        figures.clean = dict(shadow.execute(_FALSE.format(planted="false")).fetchall())
        months = shadow.execute(_MONTHS).fetchone()
        figures.store_months = float(months[0]) if months else 0
    replaced = {
        **a_year,
        "intermediate.int_store_day_parts": _STORE_DAYS,
        "intermediate.int_store_day_orders": _DAY_ORDERS,
        "intermediate.int_store_day_lines": _DAY_LINES,
        "quality.dq_store_days": _DAY_CHECKS,
    }
    with shadow_of(database, replaced, models, [plants]) as shadow:
        shadow.execute(_REFERENCE)
        figures.planted = dict(shadow.execute(_FALSE.format(planted="true")).fetchall())
        rows = shadow.execute(_FOUND).fetchall()
        figures.found = {kind: tuple(counts) for kind, *counts in rows}
    return figures


def build_clean_company(home: Home, stores: int, seed: int) -> Path:
    """Generate, land and build a company without defects; give its database."""
    settings, progress = Settings(), Progress(Console(file=io.StringIO()))
    generate(home.root, scale=str(stores), seed=seed, days=None, defects=False)
    ingest(home, settings, progress)
    build(home, settings, progress, BuildRequest(is_full=True))
    [database] = {path.resolve() for path in home.root.glob("candidates/*/warehouse.duckdb")}
    return database


def lines_of(figures: Figures, companies: str) -> list[str]:
    """The tables of the report."""
    months = figures.store_months
    lines = [
        f"{companies} (synthetic), {months:,.0f} store-months judged.",
        "",
        "| rule | alarms a store-month, clean years | with incidents elsewhere |",
        "|---|---|---|",
    ]
    rules = [
        "silent", "row_count", "amount_mean", "kept_out_share", "null_share", "code_share",
        "reference",
    ]  # fmt: skip
    for rule in rules:
        clean, planted = figures.clean.get(rule, 0), figures.planted.get(rule, 0)
        name = "reference: ±50 % of the day before" if rule == "reference" else f"`{rule}`"
        lines.append(
            f"| {name} | {clean / months:.4f} ({clean}) | {planted / months:.4f} ({planted}) |"
        )
    own = sum(count for rule, count in figures.clean.items() if rule != "reference")
    lines += [
        f"| all rules that learn | {own / months:.4f} ({own}) | |",
        "",
        "| incident | planted | found | by the reference |",
        "|---|---|---|---|",
    ]
    for kind, _, _, text in KINDS:
        planted, found, reference = figures.found.get(kind, (0, 0, 0))
        lines.append(f"| {text} | {planted} | {found} | {reference} |")
    return lines


def main() -> None:
    """Judge clean companies and write the figures into docs/normal.md."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--stores", type=int, default=3)
    parser.add_argument("--seeds", type=int, nargs="+", default=[21, 22, 23])
    parser.add_argument("--database", type=Path, help="judge this clean database alone")
    parser.add_argument("--write", type=Path, default=_DOCS, help="folder of the reports")
    arguments = parser.parse_args()
    total, looks = Figures(), []
    with tempfile.TemporaryDirectory(prefix="aftersales-normal-") as folder:
        home = Home(Path(folder) / "models")
        home.logs.mkdir(parents=True)
        models = compile_models(home, Settings(), Progress(), [MODEL, *MODELS])
        normals, gaming = models[:1], models[1:]
        if arguments.database:
            total.add(judge(arguments.database, normals))
            looks.append(judge_gaming(arguments.database, gaming))
            print("\n".join([*lines_of(total, "one company"), "", *gaming_lines(looks)]))
            return
        for seed in arguments.seeds:
            database = build_clean_company(Home(Path(folder) / str(seed)), arguments.stores, seed)
            total.add(judge(database, normals))
            looks.append(judge_gaming(database, gaming))
            print(f"seed {seed} judged", flush=True)
    companies = f"{len(arguments.seeds)} companies of {arguments.stores} stores over a year"
    _write(arguments.write / "normal.md", lines_of(total, companies))
    _write(arguments.write / "gaming.md", gaming_lines(looks))


def gaming_lines(looks: Sequence[GamingLooks]) -> list[str]:
    """The table of the patterns: looks asked for without and with the pattern planted."""
    judged = sum(one.judged for one in looks)
    clean = sum(sum(one.clean.values()) for one in looks)
    lines = [
        f"{len(looks)} clean companies (synthetic): {judged:,} stores, advisors and months judged, "
        f"{clean} asked for a look.",
        "",
        "| pattern | looks in clean companies | planted in | found | near misses and others |",
        "|---|---|---|---|---|",
    ]
    for detector in DETECTORS:
        found = sum(
            any(one[0] == detector and one[2] == GAMING_STORE for one in looked.planted)
            for looked in looks
        )
        others = sum(
            count
            for looked in looks
            for (name, _, store), count in looked.planted.items()
            if name == detector and store != GAMING_STORE
        )
        at_rest = sum(
            count
            for looked in looks
            for (name, _, _), count in looked.clean.items()
            if name == detector
        )
        lines.append(f"| `{detector}` | {at_rest} | {len(looks)} | {found} | {others} |")
    return lines


def _write(path: Path, lines: Sequence[str]) -> None:
    text = path.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    body = "\n".join(lines)
    path.write_text(f"{head}{BEGIN}\n\n{body}\n\n{END}{tail}", encoding="utf-8")
    print(body)


if __name__ == "__main__":
    main()
