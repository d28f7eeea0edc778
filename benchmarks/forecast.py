"""`python -m benchmarks.forecast`: writes docs/forecast.md from the published versions of homes.

Error and coverage are measures of the API; this asks for them and puts them in tables.
"""

import argparse
from pathlib import Path
from typing import Any

from aftersales.api import start_api
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.serving.client import Value, query
from aftersales.serving.server import ServerHandle
from aftersales.serving.tokens import make_token, secret_of
from aftersales.settings import Settings

REPORT = Path(__file__).parent.parent / "docs" / "forecast.md"
INTRODUCTION = Path(__file__).parent / "forecast_introduction.md"
VIEW = "forecast_backtest"
MEASURES = ("backtest_count", "forecast_mape", "naive_mape", "range_count", "range_coverage")
HEAD = "| forecasts | error | error of naive pace | forecasts with a range | within the range |\n"
Row = dict[str, Value]


class Report:
    """Questions to the backtest, as tables."""

    def __init__(self, server: ServerHandle, token: str) -> None:
        """Ask a server with a token that sees every store."""
        self.server = server
        self.token = token

    def rows(self, dimensions: list[str], **conditions: str) -> list[Row]:
        """Measures by dimensions, of forecasts whose stores have a month before."""
        filters = {"has_history": "true", **conditions}
        question: dict[str, Any] = {
            "measures": [f"{VIEW}.{name}" for name in MEASURES],
            "dimensions": [f"{VIEW}.{name}" for name in dimensions],
            "filters": [
                {"member": f"{VIEW}.{name}", "operator": "equals", "values": [value]}
                for name, value in filters.items()
            ],
            "order": {f"{VIEW}.{name}": "asc" for name in dimensions},
        }
        return query(self.server.url, self.token, question).rows

    def table(self, head: list[str], dimensions: list[str], **conditions: str) -> list[str]:
        """A table of Markdown, one row for each member of the dimensions."""
        lines = [
            "| " + " | ".join(head) + " " + HEAD.rstrip(),
            "|" + "---|" * len(head) + "---:|" * len(MEASURES),
        ]
        for row in self.rows(dimensions, **conditions):
            cells = [str(row[f"{VIEW}.{name}"]) for name in dimensions]
            lines.append("| " + " | ".join([*cells, *_figures(row)]) + " |")
        return [*lines, ""]

    def months(self) -> tuple[str, str]:
        """First and last month that was forecast again."""
        month = f"{VIEW}.business_on"
        rows = query(
            self.server.url,
            self.token,
            {
                "timeDimensions": [{"dimension": month, "granularity": "month"}],
                "filters": [
                    {"member": f"{VIEW}.has_history", "operator": "equals", "values": ["true"]}
                ],
                "order": {month: "asc"},
            },
        ).rows
        found = [str(row[f"{month}.month"])[:7] for row in rows]
        return found[0], found[-1]

    def as_of(self) -> str:
        """The day the published version stands for."""
        [row] = query(
            self.server.url, self.token, {"dimensions": ["warehouse_version.as_of_on"]}
        ).rows
        return str(row["warehouse_version.as_of_on"])[:10]

    def stores(self) -> int:
        """Stores with a forecast made again."""
        rows = query(
            self.server.url,
            self.token,
            {
                "dimensions": [f"{VIEW}.store_key"],
                "filters": [{"member": f"{VIEW}.store_key", "operator": "set"}],
            },
        ).rows
        return len(rows)


def _figures(row: Row) -> list[str]:
    count, error, naive, ranges, coverage = (row[f"{VIEW}.{name}"] for name in MEASURES)
    return [_count(count), _share(error, 2), _share(naive, 2), _count(ranges), _share(coverage, 1)]


def _count(value: Value) -> str:
    return "" if value is None else f"{int(float(value)):,}"


def _share(value: Value, digits: int) -> str:
    return "" if value is None else f"{100 * float(value):.{digits}f} %"


def sections(report: Report) -> list[str]:
    """The tables of one company."""
    first, last = report.months()
    lines = [
        f"## {report.stores()} stores, {first} to {last}",
        "",
        f"Synthetic company as known on {report.as_of()}.",
        "",
    ]
    titles = {"store": "Stores", "network": "The network"}
    for scope, title in titles.items():
        for metric in ("revenue", "visits"):
            lines += [f"### {title}, {metric}", ""]
            lines += report.table(
                ["known to day"], ["cutoff_day"], scope_kind=scope, metric_code=metric
            )
    lines += ["### Stores, all metrics, by whose errors the range is made of", ""]
    lines += report.table(["range"], ["range_basis"], scope_kind="store")
    return lines


def main() -> None:
    """Ask each published version and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.forecast", description=__doc__)
    parser.add_argument(
        "--home",
        type=Path,
        action="append",
        required=True,
        help="home with a published version; give several to show several companies",
    )
    found: list[str] = []
    for root in parser.parse_args().home:
        home = Home(root)
        with start_api(home, Settings(), Progress(), 0) as server:
            token = make_token(secret_of(home.root), "hq", [], [], 3600)
            found += sections(Report(server, token))
    introduction = INTRODUCTION.read_text(encoding="utf-8")
    REPORT.write_text("\n".join([introduction, *found]).rstrip() + "\n", encoding="utf-8")
    print("\n".join(found))


if __name__ == "__main__":
    main()
