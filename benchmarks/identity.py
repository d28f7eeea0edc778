"""`python -m benchmarks.identity`: how well customers are resolved, against the answer key."""

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.sql import literal
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.versions import database_of, published_manifest
from benchmarks import identity_scored

_REPORT = Path(__file__).resolve().parents[1] / "docs" / "identity.md"
_LISTED_MERGES = 50
_PROBABILITIES = (0.5, 0.9, 0.99)
_MODELS = (
    "int_customer_records", "int_customer_scores", "int_customer_links", "bridge_customer_sources",
)  # fmt: skip

# A pair is two records of one customer; what the rules say against what the answer key says.
_RESOLVED = """
create temporary table resolved as
select persons.person_id, sources.customer_key, sources.source_customer_key, sources.match_rule
from read_parquet({answer_key}) as persons
inner join marts.bridge_customer_sources as sources
    on sources.source_customer_key = persons.system || ':' || persons.source_customer_id
"""
_SCORE = """
with cells as (
    select person_id, customer_key, count(*) as records from resolved group by all
),
pairs as (
    select
        (select sum(records * (records - 1) / 2) from cells) as right_pairs,
        (select sum(n * (n - 1) / 2)
            from (select sum(records) as n from cells group by customer_key)) as said_pairs,
        (select sum(n * (n - 1) / 2)
            from (select sum(records) as n from cells group by person_id)) as true_pairs
)
select
    (select count(*) from resolved),
    (select count(distinct person_id) from resolved),
    (select count(distinct customer_key) from resolved),
    right_pairs, said_pairs, true_pairs, right_pairs / said_pairs, right_pairs / true_pairs
from pairs
"""
_BY_RULE = """
select rules.match_rule, rules.title_zh, rules.title_en, rules.confidence, count(*),
    count(*) filter (where sources.customer_key in (
        select customer_key from resolved group by customer_key
        having count(distinct person_id) > 1
    ))
from marts.bridge_customer_sources as sources
inner join reference.match_rules as rules using (match_rule)
group by all
order by min(rules.strength_rank)
"""
_WRONG = """
select customer_key, string_agg(source_customer_key || ' (' || match_rule || ')', ', '
    order by source_customer_key)
from resolved
group by customer_key
having count(distinct person_id) > 1
order by customer_key
"""


def report(home: Home) -> list[str]:
    """Markdown lines about the published version of a home that has an answer key."""
    manifest = published_manifest(home)
    answer_key = home.root / "answer_key" / "persons.parquet"
    if manifest is None or not answer_key.is_file():
        raise AftersalesError(
            f"{home.root} has no published demo company with an answer key: "
            "run `aftersales run --no-serve` there first."
        )
    with duckdb.connect(str(database_of(home, manifest.version_id)), read_only=True) as connection:
        connection.execute(_RESOLVED.format(answer_key=literal(answer_key)))
        score = connection.execute(_SCORE).fetchone()
        rules = connection.execute(_BY_RULE).fetchall()
        wrong = connection.execute(_WRONG).fetchall()
    if score is None:
        raise AftersalesError(f"{answer_key} has no persons: make the demo company anew.")
    records, persons, customers, right, said, true, precision, recall = score
    lines = [
        f"{manifest.synthetic_label or ''}: {records:,} records of three systems, "
        f"{persons:,} persons, resolved into {customers:,} customers.",
        "",
        "| pairs of records | number |",
        "|---|---|",
        f"| that are one person | {true:,.0f} |",
        f"| taken for one customer | {said:,.0f} |",
        f"| of them rightly | {right:,.0f} |",
        "",
        f"Precision **{precision:.4%}**, recall **{recall:.2%}**.",
        "",
        "| rule | confidence | records it ties | of them in a wrong customer |",
        "|---|---|---|---|",
        *(f"| {zh} / {en} (`{rule}`) | {confidence} | {tied:,} | {bad:,} |"
          for rule, zh, en, confidence, tied, bad in rules),
        "",
        f"Wrong merges: {len(wrong)}."
        + (" Each customer that holds records of several persons:" if wrong else ""),
        *([""] if wrong else []),
        *(f"- `{key}`: {merged}" for key, merged in wrong[:_LISTED_MERGES]),
    ]  # fmt: skip
    if len(wrong) > _LISTED_MERGES:
        lines.append(f"- and {len(wrong) - _LISTED_MERGES} more.")
    return lines


def compare(home: Home) -> list[str]:
    """Markdown lines: the rules and splink on the same records, in one run."""
    manifest = published_manifest(home)
    assert manifest is not None
    database = database_of(home, manifest.version_id)
    with duckdb.connect() as connection, TemporaryDirectory() as work:
        connection.execute(f"set temp_directory = {literal(Path(work))}")
        connection.execute(f"attach {literal(database)} as warehouse (read_only)")
        connection.execute(
            "create table persons as select person_id, "
            "system || ':' || source_customer_id as source_customer_key "
            f"from read_parquet({literal(home.root / 'answer_key' / 'persons.parquet')})"
        )
        seconds = _seconds_of_rules(connection, home, Path(work))
        connection.execute(
            "create temporary table resolved as "
            "select person_id, customer_key, source_customer_key, match_rule "
            "from ruled_bridge_customer_sources inner join persons using (source_customer_key)"
        )
        row = connection.execute(_SCORE).fetchone()
        wrong = len(connection.execute(_WRONG).fetchall())
        assert row is not None
        scored, weights = identity_scored.score(connection, _SCORE, _PROBABILITIES)
    return [
        "",
        "## Beside probabilities that are learned",
        "",
        "splink (Fellegi and Sunter's model, on DuckDB) resolved the same records in the same "
        "run, without the answer key: names with their frequency, phones also when only alike, "
        "vehicles, time between openings.",
        "",
        "| | precision | recall | wrong merges | seconds |",
        "|---|---|---|---|---|",
        f"| the rules | {row[-2]:.4%} | {row[-1]:.2%} | {wrong} | {seconds:.1f} |",
        *(
            f"| splink, from a probability of {one.probability:g} | {one.precision:.4%} "
            f"| {one.recall:.2%} | {one.wrong_merges} | {one.seconds:.1f} |"
            for one in scored
        ),
        "",
        "What it learned that an agreement is worth, in bits (each doubles the odds):",
        "",
        "| compared | level | bits |",
        "|---|---|---|",
        *(f"| {one.comparison} | {one.level} | {one.bits:.1f} |" for one in weights),
    ]


def _seconds_of_rules(connection: duckdb.DuckDBPyConnection, home: Home, work: Path) -> float:
    """Run the models that resolve customers, as tables `ruled_…`, and give how long they took."""
    project = DbtProject(home, Settings(), work / "warehouse.duckdb")
    project.run(Progress(), "Compile the rules", ["compile", "--select", *_MODELS])
    compiled = project.target_dir / "compiled" / "aftersales"
    started = time.perf_counter()
    for model in _MODELS:
        (sql,) = compiled.glob(f"models/*/*/{model}.sql")
        connection.execute(f"create table ruled_{model} as {sql.read_text(encoding='utf-8')}")
    return time.perf_counter() - started


def main(arguments: Sequence[str] | None = None) -> None:
    """Write docs/identity.md and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="home with a demo company")
    parser.add_argument(
        "--splink", action="store_true", help="compare with splink (needs the extra `identity`)"
    )
    options = parser.parse_args(arguments)
    introduction = Path(__file__).with_name("identity_introduction.md").read_text(encoding="utf-8")
    home = Home(options.home)
    lines = [*report(home), *(compare(home) if options.splink else [])]
    text = introduction + "\n" + "\n".join(lines) + "\n"
    _REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
