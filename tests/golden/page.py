"""`make worked-examples`: writes docs/worked-examples.md from the list of cases."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from golden.cases import NOT_COMPUTABLE, TESTED, Case, read_cases

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "worked-examples.md"
INTRODUCTION = """\
# Worked examples

The requirements give examples with figures. Each one that speaks of after-sales records is put
through the project's own models, rules and API by a test that pins two figures: what is **stated**,
and what is **recomputed**. Where they differ the models keep the recomputed figure.
Written by `make worked-examples` from `tests/golden/cases.csv`, never by hand. The company of these
tests is planted: its records are synthetic, made so that the examples can be recomputed from them.

S0 to S4 are the five requirement documents. Of {count} examples {tested} are tested: {agrees} come
out as stated, {differs} do not, {depends} hold under one reading only, and for {derived} nothing is
stated to agree with. {not_computable} cannot be computed here; the last table says why.
"""
SECTIONS = {
    "differs": (
        "Stated otherwise than it comes out",
        "The figure of the requirements is wrong, or is told in the wrong unit.",
    ),
    "depends": (
        "Holds under one reading only",
        "More than one figure can be meant; the list says which one the models give.",
    ),
    "agrees": ("Comes out as stated", "Recomputed and, rounded as stated, the same."),
    "derived": (
        "Follows from what is stated",
        "The requirements give what goes in; the figure is the models'.",
    ),
}


def write(path: Path = PAGE) -> None:
    """Write the page."""
    path.write_text(page(read_cases()), encoding="utf-8")


def page(cases: Sequence[Case]) -> str:
    """The page as text."""
    tested = [case for case in cases if case.status == TESTED]
    counts = {name: sum(case.verdict == name for case in tested) for name in SECTIONS}
    untold = [case for case in cases if case.status == NOT_COMPUTABLE]
    parts = [
        INTRODUCTION.format(
            count=len(cases), tested=len(tested), not_computable=len(untold), **counts
        )
    ]
    for verdict, (title, sentence) in SECTIONS.items():
        found = [case for case in tested if case.verdict == verdict]
        parts += [f"## {title}", sentence, "", _tested_table(found), ""]
    parts += [
        "## Not computable here",
        "What these figures are about is in no record of after-sales service.",
        "",
        _table(
            ["case", "what", "stated", "by hand", "why not"],
            [
                [case.id, case.what, shown(case.stated), shown(case.recomputed), case.reason]
                for case in untold
            ],
        ),
    ]
    return "\n".join(parts) + "\n"


def shown(figure: Any) -> str:
    """Write a figure of the list for reading."""
    if figure is None:
        return "–"
    if isinstance(figure, Mapping):
        return "; ".join(f"{name}: {shown(one)}" for name, one in figure.items())
    if isinstance(figure, Sequence) and not isinstance(figure, str):
        return ", ".join(map(shown, figure))
    if isinstance(figure, int | Decimal):
        return f"{figure:,}".replace("-", "−")
    return str(figure).replace("-", "−")


def _tested_table(cases: Sequence[Case]) -> str:
    return _table(
        ["case", "what", "stated", "recomputed", "remark", "proven by"],
        [
            [
                case.id,
                case.what,
                shown(case.stated),
                shown(case.recomputed),
                case.reason or "",
                ", ".join(map(_link, case.where)),
            ]
            for case in cases
        ],
    )


def _link(where: str) -> str:
    path, _, name = where.partition("::")
    return f"[{name.removeprefix('test_').replace('_', ' ')}](../{path})"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    write()
