"""The profit and loss statement of a month, asked of the API and printed with its answer first."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from aftersales.errors import AftersalesError
from aftersales.serving.client import Value, query

LANGUAGES = ("zh", "en")
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
_WIDTH = 132
Row = dict[str, Value]

_LINE_MEASURES = (
    "pnl_amount",
    "pnl_share_of_revenue",
    "pnl_budget",
    "pnl_variance",
    "pnl_previous_month",
    "pnl_last_year",
)
_DRIVER_MEASURES = (
    "driver_cost",
    "cost_share",
    "cost_change",
    "cost_price_effect",
    "cost_volume_effect",
    "cost_mix_effect",
)
_RATIOS = frozenset({"pnl_share_of_revenue", "cost_share"})
_WORDS = {
    "zh": {
        "network": "全网",
        "lines": ("项目", "金额", "占收入", "预算", "差异", "上月", "去年同月"),
        "drivers": ("成本驱动因素", "金额", "占比", "环比变化", "价格", "数量", "结构", "数量口径"),
        "gain": "赚钱",
        "loss": "亏钱",
        "answer": (
            "{scope} {period}：{verdict}。经营贡献 {contribution} 元（占收入 {margin}），"
            "零服吸收率 {absorption}；分摊总部和大区费用 {shared} 元后为 {profit} 元。"
        ),
        "open": "本月尚未结束或总账尚未过账：费用不全，不作比较。",
        "unit": "单位：元。预算和差异只含有预算的门店。",
    },
    "en": {
        "network": "Network",
        "lines": ("Line", "Amount", "Of revenue", "Budget", "Variance", "Last month", "Last year"),
        "drivers": (
            "Cost driver", "Cost", "Share", "Change", "Price", "Volume", "Mix", "Volume in",
        ),
        "gain": "we make money",
        "loss": "we lose money",
        "answer": (
            "{scope} {period}: {verdict}. Contribution {contribution} yuan ({margin} of revenue), "
            "absorption {absorption}; {profit} yuan after {shared} yuan of shared cost."
        ),
        "open": "The month is still running or the ledger is not posted: costs are incomplete "
        "and nothing is compared.",
        "unit": "Amounts in yuan. Budget and variance hold the stores that have a budget.",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """Which statement: of a store by key or name, a region by name, or the network."""

    period: str
    lang: str = "zh"
    store: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be asked before anything is started for it."""
        if self.store and self.region:
            raise AftersalesError("Give --store or --region, not both.")
        if not _MONTH.fullmatch(self.period):
            raise AftersalesError(f"'{self.period}' is not a month: write --period like 2025-10.")
        if self.lang not in LANGUAGES:
            raise AftersalesError(f"There is no answer in '{self.lang}': choose --lang zh or en.")

    @property
    def name(self) -> str:
        """The scope as a person calls it."""
        return self.store or self.region or str(_WORDS[self.lang]["network"])

    @property
    def scope_kind(self) -> str:
        """Kind of the scope as the cost drivers name it."""
        return "store" if self.store else "region" if self.region else "network"

    @property
    def days(self) -> list[str]:
        """First and last day of the month."""
        year, month = (int(part) for part in self.period.split("-"))
        last = calendar.monthrange(year, month)[1]
        return [f"{self.period}-01", f"{self.period}-{last:02d}"]

    def filters(self, view: str) -> list[dict[str, Any]]:
        """The filter of a view for the rows of the scope."""
        if self.store:
            members = (f"{view}.store_key", f"{view}.store_name")
            return [{"or": [_equals(member, self.store) for member in members]}]
        return [_equals(f"{view}.region_name", self.region)] if self.region else []


@dataclass(frozen=True)
class Statement:
    """What the API answered: the result, the lines, and the largest costs."""

    result: Row
    lines: list[Row]
    drivers: list[Row]
    is_closed: bool


def _equals(member: str, *values: str) -> dict[str, Any]:
    return {"member": member, "operator": "equals", "values": list(values)}


def ask_statement(url: str, token: str, asked: Ask) -> Statement:
    """Ask the API for everything the statement shows."""
    lang = asked.lang

    def ask(
        view: str,
        measures: Sequence[str],
        dimensions: Sequence[str],
        order: str | None = None,
        conditions: Sequence[dict[str, Any]] = (),
    ) -> list[Row]:
        question: dict[str, Any] = {
            "measures": [f"{view}.{name}" for name in measures],
            "dimensions": [f"{view}.{name}" for name in dimensions],
            "filters": [*asked.filters(view), *conditions],
            "timeDimensions": [{"dimension": f"{view}.business_on", "dateRange": asked.days}],
        }
        if order:
            question["order"] = {f"{view}.{order}": "asc"}
        rows = query(url, token, question).rows
        return [{name.split(".")[1]: value for name, value in row.items()} for row in rows]

    lines = ask(
        "profit_and_loss",
        _LINE_MEASURES,
        ("line_order", "line_level", f"line_title_{lang}", "is_closed_month"),
        "line_order",
    )
    if not lines:
        raise AftersalesError(
            f"There is no statement of {asked.name} in {asked.period}: "
            "list what there is with `aftersales query -d profit_and_loss.store_name "
            "-d profit_and_loss.year_month`."
        )
    [profit] = ask("store_profit", ("contribution", "contribution_margin", "absorption_rate"), ())
    [shared] = ask("profit_and_loss", ("shared_cost", "operating_profit"), ())
    drivers = ask(
        "cost_drivers",
        _DRIVER_MEASURES,
        ("cost_rank", f"cost_title_{lang}", f"driver_title_{lang}"),
        "cost_rank",
        (
            _equals("cost_drivers.scope_kind", asked.scope_kind),
            _equals("cost_drivers.comparison", "previous_month"),
            _equals("cost_drivers.is_top_driver", "true"),
        ),
    )
    is_closed = all(row["is_closed_month"] is True for row in lines)
    return Statement(profit | shared, lines, drivers, is_closed)


def print_statement(console: Console, statement: Statement, asked: Ask) -> None:
    """Print the answer in a sentence, the lines, and the largest costs below."""
    console.width = max(console.width, _WIDTH)
    words: dict[str, Any] = _WORDS[asked.lang]
    result = statement.result
    contribution = result["contribution"]
    is_gain = isinstance(contribution, Decimal) and contribution >= 0
    sentence = words["answer"].format(
        scope=asked.name,
        period=asked.period,
        verdict=words["gain" if is_gain else "loss"],
        contribution=_amount(contribution),
        margin=_share(result["contribution_margin"]),
        absorption=_share(result["absorption_rate"]),
        shared=_amount(result["shared_cost"]),
        profit=_amount(result["operating_profit"]),
    )
    console.print(sentence, highlight=False)
    if not statement.is_closed:
        console.print(words["open"], highlight=False)
    console.print(_lines_table(statement, words["lines"], asked.lang))
    if statement.drivers:
        console.print(_drivers_table(statement, words["drivers"], asked.lang))
    console.print(words["unit"])


def _lines_table(statement: Statement, headings: Sequence[str], lang: str) -> Table:
    table = _table(headings)
    for row in statement.lines:
        # A line that nothing was ever posted on says nothing.
        if not any(row[name] for name in _LINE_MEASURES):
            continue
        level = int(str(row["line_level"]))
        title = "  " * (level - 1) + str(row[f"line_title_{lang}"])
        cells = [_cell(name, row[name]) for name in _LINE_MEASURES]
        table.add_row(title, *cells, style="bold" if level == 1 else None)
    return table


def _drivers_table(statement: Statement, headings: Sequence[str], lang: str) -> Table:
    table = _table(headings, text_columns=(0, len(headings) - 1))
    for row in statement.drivers:
        title = f"{row['cost_rank']}. {row[f'cost_title_{lang}']}"
        cells = [_cell(name, row[name]) for name in _DRIVER_MEASURES]
        table.add_row(title, *cells, str(row[f"driver_title_{lang}"]))
    return table


def _table(headings: Sequence[str], text_columns: tuple[int, ...] = (0,)) -> Table:
    table = Table(box=None)
    for number, heading in enumerate(headings):
        table.add_column(
            heading, justify="left" if number in text_columns else "right", no_wrap=True
        )
    return table


def _cell(name: str, value: Value) -> str:
    return _share(value) if name in _RATIOS else _amount(value)


def _amount(value: Value) -> str:
    return f"{value:,.0f}" if isinstance(value, Decimal) else "–"


def _share(value: Value) -> str:
    return f"{value:.1%}" if isinstance(value, Decimal) else "–"
