"""What was compared and what differs, in the terminal and as docs/verification.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from .results import Result, Unmatched
from .verify import GROUPINGS

SHOWN_DIFFERENCES = 100
INTRODUCTION = Path(__file__).with_name("introduction.md")


@dataclass
class Company:
    """A published version, and what was compared of it."""

    name: str
    label: str
    landed_rows: int
    orders: int
    stores: int
    months: int
    unmatched: list[Unmatched]
    results: list[Result] = field(default_factory=list)

    @property
    def values(self) -> int:
        """How many values were compared."""
        return sum(result.values for result in self.results)

    @property
    def measures(self) -> set[tuple[str, str]]:
        """View and name of every measure compared."""
        return {(result.view, name) for result in self.results for name in result.measures}

    @property
    def difference_count(self) -> int:
        """How many values differ."""
        return sum(len(result.differences) for result in self.results)

    @property
    def gaps(self) -> list[Unmatched]:
        """Measures that are not compared without a reason."""
        return [one for one in self.unmatched if not one.reason]

    @property
    def is_clean(self) -> bool:
        """Whether everything was compared and is the same."""
        return not self.difference_count and not self.gaps and self.values > 0

    @property
    def facts(self) -> str:
        """One line about the company."""
        return (
            f"{self.stores} stores, {self.months} months, {self.orders:,} repair orders, "
            f"{self.landed_rows:,} landed rows"
        )

    @property
    def summary(self) -> str:
        """One line about the outcome."""
        skipped = sum(len(one.measures) for one in self.unmatched)
        return (
            f"{len(self.measures)} measures of {len({view for view, _ in self.measures})} views, "
            f"{self.values:,} values compared; differences: {self.difference_count or 'none'}; "
            f"measures not compared: {skipped}, without a reason: "
            f"{sum(len(one.measures) for one in self.gaps) or 'none'}"
        )

    def rows(self) -> Iterator[list[str]]:
        """A row for each view: measures, values by grouping, differences."""
        for view in dict.fromkeys(result.view for result in self.results):
            own = {result.grouping: result for result in self.results if result.view == view}
            found = sum(len(result.differences) for result in own.values())
            yield [
                view,
                str(len({name for result in own.values() for name in result.measures})),
                *(f"{own[one].values:,}" if one in own else "–" for one in GROUPINGS),
                str(found) if found else "none",
            ]

    def lines(self) -> list[str]:
        """Each difference in words."""
        return [
            f"{result.view} {result.grouping}: {difference}"
            for result in self.results
            for difference in result.differences
        ]


def count_company(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int]:
    """Orders, stores and months of the records."""
    row = connection.execute(
        """
        select
            count(*), count(distinct store_key),
            count(distinct date_trunc('month', business_on))
        from all_orders
        """
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


def print_company(console: Console, company: Company) -> None:
    """Print the table, the differences and what is not compared."""
    table = Table("view", title=f"{company.name}: {company.label}, {company.facts}")
    for head in ("measures", *GROUPINGS, "differences"):
        table.add_column(head, justify="right")
    for row in company.rows():
        table.add_row(*row)
    console.print(table)
    lines = company.lines()
    for line in lines[:SHOWN_DIFFERENCES]:
        console.print(line, markup=False)
    if len(lines) > SHOWN_DIFFERENCES:
        console.print(f"… and {len(lines) - SHOWN_DIFFERENCES} more")
    for one in company.unmatched:
        reason = one.reason or "NO REASON"
        console.print(
            f"not compared: {one.view} ({', '.join(one.measures)}): {reason}", markup=False
        )
    console.print(f"{company.name}: {company.summary}", markup=False)


def page(companies: Sequence[Company]) -> str:
    """The page of all companies."""
    lines = [INTRODUCTION.read_text(encoding="utf-8")]
    for company in companies:
        lines += [f"## `{company.name}`, {company.label}", "", f"{company.facts}.", ""]
        lines += [f"{company.summary}.", ""]
        lines += ["| view | measures | total | by store | by month | differences |"]
        lines += ["|---|---:|---:|---:|---:|---:|"]
        lines += ["| " + " | ".join([f"`{row[0]}`", *row[1:]]) + " |" for row in company.rows()]
        lines += ["", *(f"- {line}" for line in company.lines()[:SHOWN_DIFFERENCES]), ""]
    lines += ["## Not compared here", ""]
    lines += ["| view | measures | why |", "|---|---:|---|"]
    seen = {(one.view, one.reason): one for company in companies for one in company.unmatched}
    lines += [
        f"| `{one.view}` | {len(one.measures)} | {one.reason or 'no reason'} |"
        for one in seen.values()
    ]
    return "\n".join(lines).replace("\n\n\n", "\n\n").rstrip() + "\n"
