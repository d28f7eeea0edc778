"""Prints an answer: the finding, the numbers behind it, the tree."""

from rich.console import Console
from rich.table import Table

from aftersales.explain.answer import Answer, Row
from aftersales.explain.figures import Figures, share
from aftersales.explain.finding import Finding
from aftersales.explain.question import Language, Metric

_WIDTH = 118
_MEMBERS = 12
_SHOWN_DIMENSIONS = 4
_HEADINGS = {
    "zh": ("对比值", "本期值", "对比占比", "本期占比", "水平影响", "结构影响", "贡献", "占变动"),
    "en": ("base", "current", "base share", "share", "rate", "mix", "contribution", "of change"),
}


class Printer:
    """Prints in one language."""

    def __init__(self, language: Language, console: Console | None = None) -> None:
        """Take the language; a console of its own unless one is given."""
        self._language: Language = language
        self._figures = Figures(language)
        self._console = console or Console(highlight=False)
        self._console.width = max(self._console.width, _WIDTH)

    def print(
        self, answer: Answer, metrics: dict[str, Metric], label: str, *, is_asked: bool
    ) -> None:
        """Print everything; `is_asked` says that the dimensions were named by the caller."""
        finding = Finding(answer, metrics, self._language)
        for line in [*finding.sentences(), *finding.warnings()]:
            self._console.print(line, markup=False, soft_wrap=True)
        shown = list(answer.dimensions.values())
        for rows in shown if is_asked else shown[:_SHOWN_DIMENSIONS]:
            self._console.print()
            self._console.print(self._members(answer, rows))
        if len(shown) > _SHOWN_DIMENSIONS and not is_asked:
            rest = ", ".join(list(answer.dimensions)[_SHOWN_DIMENSIONS:])
            self._console.print(self._say(f"还可用 --by: {rest}", f"More with --by: {rest}"))
        if answer.tree:
            self._console.print()
            self._console.print(self._tree(answer, metrics))
        self._console.print(f"\n{label}", markup=False)

    def _members(self, answer: Answer, rows: list[Row]) -> Table:
        unit = answer.question.metric.unit
        title = rows[0]["dimension_zh"] if self._language == "zh" else rows[0]["dimension_en"]
        table = Table(title, box=None, title_justify="left", pad_edge=False)
        for heading in _HEADINGS[self._language]:
            table.add_column(heading, justify="right")
        for row in rows[:_MEMBERS]:
            is_sum = row["denominator_kind"] == "sum"
            table.add_row(
                row["member_zh"] if self._language == "zh" else row["member_en"],
                self._figures.value(row["base_numerator" if is_sum else "base_rate"], unit),
                self._figures.value(row["current_numerator" if is_sum else "current_rate"], unit),
                share(row["base_share"]),
                share(row["current_share"]),
                self._figures.difference(row["rate_effect"], unit),
                self._figures.difference(row["mix_effect"], unit),
                self._figures.difference(row["contribution"], unit),
                share(row["share_of_change"]),
            )
        if len(rows) > _MEMBERS:
            left_out = len(rows) - _MEMBERS
            table.add_row(self._say(f"… 另有 {left_out} 项", f"… and {left_out} more"))
        whole = rows[0]
        table.add_section()
        table.add_row(
            self._say("合计", "total"),
            self._figures.value(whole["base_value"], unit),
            self._figures.value(whole["current_value"], unit),
            "",
            "",
            "",
            self._residual(whole["residual_value"]),
            self._figures.difference(whole["change_value"], unit),
            "",
        )
        return table

    def _tree(self, answer: Answer, metrics: dict[str, Metric]) -> Table:
        unit = answer.question.metric.unit
        base, current, *_ = _HEADINGS[self._language]
        table = Table(self._say("指标树", "metric tree"), box=None, pad_edge=False)
        for heading in (base, current, *_HEADINGS[self._language][-2:]):
            table.add_column(heading, justify="right")
        for node in answer.tree:
            factor = metrics.get(node["factor_code"])
            name = self._say("其他", "other")
            if factor is not None:
                name = factor.title_zh if self._language == "zh" else factor.title_en
            own = factor.unit if factor is not None else unit
            table.add_row(
                "  " * node["level_number"] + name,
                self._figures.value(node["base_value"], own),
                self._figures.value(node["current_value"], own),
                self._figures.difference(node["contribution"], unit),
                share(node["share_of_change"]),
            )
        table.add_section()
        table.add_row(self._residual(answer.tree[0]["residual_value"]))
        return table

    def _residual(self, value: object) -> str:
        return self._say(
            f"残差 {abs(float(str(value))):.2f}", f"residual {abs(float(str(value))):.2f}"
        )

    def _say(self, zh: str, en: str) -> str:
        return zh if self._language == "zh" else en
