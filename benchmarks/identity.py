"""`python -m benchmarks.identity`: how well customers are resolved, against the answer key."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import duckdb

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.sql import literal
from aftersales.warehouse.versions import database_of, published_manifest

_REPORT = Path(__file__).resolve().parents[1] / "docs" / "identity.md"
_LISTED_MERGES = 50

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
        f"Wrong merges: {len(wrong)}. Each customer that holds records of several persons:",
        "",
        *(f"- `{key}`: {merged}" for key, merged in wrong[:_LISTED_MERGES]),
    ]  # fmt: skip
    if len(wrong) > _LISTED_MERGES:
        lines.append(f"- and {len(wrong) - _LISTED_MERGES} more.")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Write docs/identity.md and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="home with a demo company")
    options = parser.parse_args(arguments)
    introduction = Path(__file__).with_name("identity_introduction.md").read_text(encoding="utf-8")
    text = introduction + "\n" + "\n".join(report(Home(options.home))) + "\n"
    _REPORT.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
