"""A definition bridge, asked of the API: one definition's number, rules, its rival's."""

from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from rich.console import Console
from rich.table import Table

from aftersales.errors import AftersalesError
from aftersales.serving.client import Value, query
from aftersales.statement import Ask

_VIEW = "definition_bridges"
_BAR_WIDTH = 24
Row = dict[str, Value]
_WORDS = {
    "zh": {
        "steps": ("口径", "数值", "占差额"),
        "finding": "{scope} {period} {bridge}：{from_title} {start}，{to_title} {end}，"
        "差 {difference}；最大的原因是“{rule}”（{bar}）。各条相加等于差额，余数为 0。",
        "equal": "{scope} {period} {bridge}：{from_title}与{to_title}都是 {start}，没有差额。",
        "points": "个百分点",
        "yuan": "元",
    },
    "en": {
        "steps": ("Definition", "Value", "Of the difference"),
        "finding": "{scope} {period}, {bridge}: {from_title} {start}, {to_title} {end}, a "
        "difference of {difference}; the largest reason is “{rule}” ({bar}). The bars add up to "
        "the difference, nothing is left over.",
        "equal": "{scope} {period}, {bridge}: {from_title} and {to_title} are both {start}.",
        "points": "pp",
        "yuan": "yuan",
    },
}


@dataclass(frozen=True)
class Bridge:
    """The steps of one bridge of one scope and month, in their order."""

    code: str
    title: str
    is_growth: bool
    steps: list[Row]

    @property
    def rules(self) -> list[Row]:
        """The bars between the two readings."""
        return [step for step in self.steps if step["step_kind"] == "rule"]


def ask_bridge(url: str, token: str, code: str, asked: Ask) -> Bridge:
    """Ask the API for a bridge; raise when there is none of that name, scope or month."""
    titles = (f"bridge_title_{asked.lang}", f"step_title_{asked.lang}")
    names = ("bridge_comparison", "step_kind", "step_order", *titles)
    rows = query(
        url,
        token,
        {
            "measures": [f"{_VIEW}.bridge_step_value"],
            "dimensions": [f"{_VIEW}.{name}" for name in names],
            "filters": [
                *asked.filters(_VIEW),
                _equals("bridge_code", code),
                _equals("scope_kind", asked.scope_kind),
            ],
            "timeDimensions": [{"dimension": f"{_VIEW}.business_on", "dateRange": asked.days}],
            "order": {f"{_VIEW}.step_order": "asc"},
        },
    ).rows
    if not rows:
        raise AftersalesError(_why_none(url, token, code, asked))
    steps = [{name.split(".")[1]: value for name, value in row.items()} for row in rows]
    first = steps[0]
    return Bridge(code, str(first[titles[0]]), first["bridge_comparison"] != "none", steps)


def _equals(member: str, value: str) -> dict[str, Any]:
    return {"member": f"{_VIEW}.{member}", "operator": "equals", "values": [value]}


def _why_none(url: str, token: str, code: str, asked: Ask) -> str:
    rows = query(url, token, {"dimensions": [f"{_VIEW}.bridge_code"]}).rows
    known = sorted(str(row[f"{_VIEW}.bridge_code"]) for row in rows)
    if code not in known:
        near = get_close_matches(code, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        return f"There is no bridge '{code}': {hint}The bridges are {', '.join(known)}."
    return (
        f"There is no bridge {code} of {asked.name} in {asked.period}: the month must be over, and "
        "for a bridge of growth the month compared with must be there; or the scope is not known."
    )


def print_bridge(console: Console, bridge: Bridge, asked: Ask) -> None:
    """Print the finding in a sentence and the waterfall below."""
    words: dict[str, Any] = _WORDS[asked.lang]
    start, *_, end = bridge.steps
    title = f"step_title_{asked.lang}"
    difference = _number(end) - _number(start)
    largest = max(bridge.rules, key=lambda step: abs(_number(step)))
    console.print(
        words["finding" if difference else "equal"].format(
            scope=asked.name,
            period=asked.period,
            bridge=bridge.title,
            from_title=start[title],
            to_title=end[title],
            start=_shown(_number(start), bridge.is_growth, words),
            end=_shown(_number(end), bridge.is_growth, words),
            difference=_shown_bar(difference, bridge.is_growth, words),
            rule=largest[title],
            bar=_shown_bar(_number(largest), bridge.is_growth, words),
        ),
        highlight=False,
    )
    console.print(_waterfall(bridge, asked.lang, difference))


def _waterfall(bridge: Bridge, lang: str, difference: Decimal) -> Table:
    words: dict[str, Any] = _WORDS[lang]
    table = Table(box=None)
    for number, heading in enumerate(words["steps"]):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    table.add_column("")
    longest = max((abs(_number(step)) for step in bridge.rules), default=Decimal(0)) or Decimal(1)
    for step in bridge.steps:
        value, name = _number(step), str(step[f"step_title_{lang}"])
        if step["step_kind"] != "rule":
            table.add_row(name, _shown(value, bridge.is_growth, words), "", "", style="bold")
            continue
        bar = ("+" if value >= 0 else "−") * round(_BAR_WIDTH * abs(value) / longest)
        share = f"{value / difference:.1%}" if difference and value else "–"
        table.add_row(f"  {name}", _shown_bar(value, bridge.is_growth, words), share, bar)
    return table


def _number(step: Row) -> Decimal:
    value = step["bridge_step_value"]
    if not isinstance(value, Decimal):
        raise AftersalesError(
            f"The API gave no value for step '{step['step_kind']}' of the bridge: "
            "the scope asked for is not a single one; give --store or --region by its exact name."
        )
    return value


def _shown(value: Decimal, is_growth: bool, words: dict[str, Any]) -> str:
    return f"{value:+.2%}" if is_growth else f"{value:,.2f} {words['yuan']}"


def _shown_bar(value: Decimal, is_growth: bool, words: dict[str, Any]) -> str:
    if is_growth:
        return f"{value * 100:+.2f} {words['points']}"
    return f"{value:+,.2f} {words['yuan']}"
