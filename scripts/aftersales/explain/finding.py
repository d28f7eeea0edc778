"""The finding: what changed, for which reasons in their order, and what to do, as a paragraph."""

from collections.abc import Callable
from dataclasses import dataclass

from aftersales.explain.answer import Answer, Row
from aftersales.explain.figures import Figures, share
from aftersales.explain.question import Language, Metric, Side

_REASONS = 3
_DIMENSIONS = 4
# A share of the change beyond this tells nothing: the change is small beside its parts.
_LARGEST_SHARE = 3
_STEADY = 2
_MARKS = ("①", "②", "③")
_NUMBERS_ZH = ("零", "一", "两", "三")
_PERIODS = {
    "day": ("天", "days"),
    "week": ("周", "weeks"),
    "month": ("个月", "months"),
    "quarter": ("个季度", "quarters"),
}
_PERSPECTIVES = {
    "store": ("门店维度", "Stores"),
    "customer": ("客户维度", "Customers"),
    "business": ("业务维度", "Business"),
    "people": ("人员维度", "People"),
}


@dataclass(frozen=True)
class Reason:
    """Something that moved the metric, in words."""

    text: str
    contribution: float
    action: str


class Finding:
    """Writes the paragraph of an answer in one language."""

    def __init__(self, answer: Answer, metrics: dict[str, Metric], language: Language) -> None:
        """Take an answer; `metrics` title the factors of the tree."""
        self._answer = answer
        self._metrics = metrics
        self._metric = answer.question.metric
        self._language: Language = language
        self._figures = Figures(language)

    def sentences(self) -> list[str]:
        """The finding, one sentence or aspect a line."""
        lines = [self._headline(), self._trend(), *self._reason_lines()]
        lines += [self._dimension_line(rows) for rows in self._other_dimensions()]
        lines += [*self._flags(), self._to_do()]
        return [line for line in lines if line]

    def warnings(self) -> list[str]:
        """What makes the figures less than final."""
        whole, question = self._answer.whole, self._answer.question
        lines = []
        if whole["is_provisional"]:
            lines.append(
                self._say(
                    f"数据暂定: {question.now.period.text} 还有工单未满 "
                    f"{self._metric.maturity_days} 天返修窗口, 只含已到期的日子, 数值仍会变化。",
                    f"Provisional: some days of {question.now.period.text} have not had "
                    f"{self._metric.maturity_days} days yet and are left out; the value will move.",
                )
            )
        if not whole["is_complete"]:
            same_days = bool(question.against)
            lines.append(
                self._say(
                    f"{question.now.period.text} 尚未结束"
                    + (
                        ", 与对比期相同天数比较。"
                        if same_days
                        else ", 与完整的对比期比较, 合计不可比。"
                    ),
                    f"{question.now.period.text} is still running"
                    + (
                        "; compared with as many days of the earlier period."
                        if same_days
                        else "; the other side is whole, so sums cannot be compared."
                    ),
                )
            )
        return lines

    # Sentences

    def _headline(self) -> str:
        whole, unit = self._answer.whole, self._metric.unit
        relative = self._figures.relative(whole["change_ratio"], unit)
        size = self._figures.size(whole["change_value"], unit)
        now, base = self.places()
        current = self._figures.value(whole["current_value"], unit)
        before = self._figures.value(whole["base_value"], unit)
        if not whole["change_value"]:
            return self._say(
                f"{now} {self._title()} {current}, 与 {base} 相同。",
                f"{now}: {self._title()} {current}, the same as {base}.",
            )
        is_up = whole["change_value"] > 0
        brackets = f" ({relative})" if relative else ""
        return self._say(
            f"{now} {self._title()} {current}, 比 {base} ({before}) "
            f"{'高' if is_up else '低'} {size}{brackets}。",
            f"{now}: {self._title()} {current}, {size}{brackets} "
            f"{'above' if is_up else 'below'} {base} ({before}).",
        )

    def _trend(self) -> str:
        whole, question = self._answer.whole, self._answer.question
        values = whole["path_values"]
        if not whole["streak"] or len(values) < 2:
            return ""
        zh, en = _PERIODS[question.now.period_kind]
        is_up = values[-1] > values[-2]
        if whole["streak"] < _STEADY:
            return self._say(
                f"时间维度: 本期才转为{'上升' if is_up else '下降'}, 尚不能称为趋势。",
                f"Time: it only turned {'up' if is_up else 'down'} in this period; no trend yet.",
            )
        path = "→".join(self._figures.value(value, self._metric.unit).strip() for value in values)
        return self._say(
            f"时间维度: 连续 {whole['streak']} {zh}{'上升' if is_up else '下降'} "
            f"({path}), 不是偶然波动。",
            f"Time: {'up' if is_up else 'down'} for {whole['streak']} {en} in a row ({path}), "
            "not by chance.",
        )

    def _reason_lines(self) -> list[str]:
        pushing, holding = self._reasons()
        if not pushing:
            return []
        head = self._say(
            f"因为{_NUMBERS_ZH[len(pushing)]}个原因: ",
            "Because of " + (f"{len(pushing)} reasons: " if len(pushing) > 1 else "one reason: "),
        )
        marks = [f"{mark} {one.text}" for mark, one in zip(_MARKS, pushing, strict=False)]
        lines = [head + self._say("; ", "; ").join(marks) + self._say("。", ".")]
        if holding:
            lines.append(self._say(f"相反: {holding[0].text}。", f"Against it: {holding[0].text}."))
        return lines

    def _dimension_line(self, rows: list[Row]) -> str:
        pushing = [row for row in rows if self._pushes(row)]
        if not pushing:
            return ""
        zh, en = _PERSPECTIVES[rows[0]["perspective"]]
        name = self._say(f"{zh} ({rows[0]['dimension_zh']})", f"{en} ({rows[0]['dimension_en']})")
        return f"{name}: {self._member_text(pushing[0])}" + self._say("。", ".")

    def _flags(self) -> list[str]:
        lines = []
        for rows in self._answer.dimensions.values():
            first = rows[0]
            name = self._say(first["dimension_zh"], first["dimension_en"])
            if first["is_simpson_reversal"]:
                is_up = first["change_value"] > 0
                lines.append(
                    self._say(
                        f"注意 (辛普森反转): 按{name}看, 各成员都{'下降' if is_up else '上升'}, "
                        f"总体却{'上升' if is_up else '下降'}, 是结构变化所致。",
                        f"Note (Simpson): by {name} every member went "
                        f"{'down' if is_up else 'up'} while the whole went "
                        f"{'up' if is_up else 'down'}: the mix did it.",
                    )
                )
            if first["is_mean_misleading"]:
                mean = self._figures.value(first["mean_of_members"], self._metric.unit)
                value = self._figures.value(first["current_value"], self._metric.unit)
                lines.append(
                    self._say(
                        f"注意 (平均的平均): 各{name}的简单平均为 {mean}, 真实值为 {value}; "
                        "规模不同, 不可简单平均。",
                        f"Note (average of averages): the plain mean of {name} is {mean}, the "
                        f"value is {value}; members of different size must not be averaged.",
                    )
                )
        return lines

    def _to_do(self) -> str:
        pushing, holding = self._reasons()
        adverse = [one for one in [*pushing, *holding] if self._is_adverse(one.contribution)]
        actions = list(dict.fromkeys(one.action for one in adverse if one.action))[:_REASONS]
        if not actions:
            return ""
        listed = self._say("; ", "; ").join(
            f"{number}) {action}" for number, action in enumerate(actions, 1)
        )
        return self._say(f"我们需要: {listed}。", f"We need to: {listed}.")

    # Reasons

    def _reasons(self) -> tuple[list[Reason], list[Reason]]:
        """What pushed the change and what held against it: factors of the tree, else members."""
        leaves = self._answer.leaves
        if leaves:
            return self._split(leaves, self._factor_reason)
        main = self._main_dimension()
        return self._split(main, self._member_reason) if main else ([], [])

    def _split(
        self, rows: list[Row], write: Callable[[Row], Reason]
    ) -> tuple[list[Reason], list[Reason]]:
        pushing = [write(row) for row in rows if self._pushes(row)]
        holding = [write(row) for row in rows if row["contribution"] and not self._pushes(row)]
        return pushing[:_REASONS], holding[:1]

    def _pushes(self, row: Row) -> bool:
        return bool(row["contribution"] * self._answer.whole["change_value"] > 0)

    def _factor_reason(self, node: Row) -> Reason:
        factor = self._metrics.get(node["factor_code"])
        if factor is None:
            name, path = self._say("其他", "other"), ""
        else:
            name = factor.title_zh if self._language == "zh" else factor.title_en
            before = self._figures.value(node["base_value"], factor.unit)
            path = f" {before}→{self._figures.value(node['current_value'], factor.unit)}"
        return Reason(
            f"{name}{path}, {self._effect(node)}",
            float(node["contribution"]),
            self._action(node["factor_code"], ""),
        )

    def _member_reason(self, row: Row) -> Reason:
        action = self._action(row["dimension_code"], self._member(row))
        return Reason(self._member_text(row), float(row["contribution"]), action)

    def _member_text(self, row: Row) -> str:
        unit = self._metric.unit
        is_sum = row["denominator_kind"] == "sum"
        values = (
            ("base_numerator", "current_numerator") if is_sum else ("base_rate", "current_rate")
        )
        path = ""
        if row["denominator_kind"] != "whole":
            before, now = (self._figures.value(row[name], unit) for name in values)
            path = f" {before}→{now}"
        parts = ""
        if row["denominator_kind"] == "member":
            rate = self._figures.difference(row["rate_effect"], unit)
            mix = self._figures.difference(row["mix_effect"], unit)
            parts = self._say(f" (水平 {rate}, 结构 {mix})", f" (rate {rate}, mix {mix})")
        weight = ""
        if row["denominator_kind"] == "member" and row["weight"] is not None:
            weight = self._say(
                f", 涉及 {share(row['weight'])} 的样本", f", {share(row['weight'])} of the cases"
            )
        return f"{self._member(row)}{path}, {self._effect(row)}{parts}{weight}"

    def _effect(self, row: Row) -> str:
        effect = self._figures.difference(row["contribution"], self._metric.unit)
        part = row["share_of_change"]
        brackets = f" ({share(part)})" if part and 0 < part <= _LARGEST_SHARE else ""
        return self._say(f"影响 {effect}{brackets}", f"{effect}{brackets}")

    def _action(self, code: str, member: str) -> str:
        texts = self._answer.actions.get(code)
        if texts is None:
            return ""
        return self._say(*texts).replace("{member}", member)

    def _is_adverse(self, contribution: float) -> bool:
        wanted = {"up": 1, "down": -1}.get(self._metric.direction, 0)
        return contribution * wanted < 0

    # Names

    def _main_dimension(self) -> list[Row]:
        found = [rows for rows in self._answer.dimensions.values() if len(rows) > 1]
        return found[0] if found else []

    def _other_dimensions(self) -> list[list[Row]]:
        """One dimension a perspective, without the one the reasons come from."""
        by_perspective: dict[str, list[Row]] = {}
        main = [] if self._answer.leaves else self._main_dimension()
        for rows in self._answer.dimensions.values():
            if rows is not main and len(rows) > 1:
                by_perspective.setdefault(rows[0]["perspective"], rows)
        return list(by_perspective.values())[:_DIMENSIONS]

    def _member(self, row: Row) -> str:
        return str(row["member_zh"] if self._language == "zh" else row["member_en"])

    def _title(self) -> str:
        return self._metric.title_zh if self._language == "zh" else self._metric.title_en

    def places(self) -> tuple[str, str]:
        """Name both sides; what they share is said once."""
        now, base = self._answer.question.now, self._answer.question.base
        this = f"{self._place(now)} {now.period.text}"
        if now.scope == base.scope:
            return this, base.period.text
        mean = self._say("单店均值", " mean store")
        is_mean = self._answer.question.is_mean_store and self._answer.whole["base_store_count"] > 1
        other = f"{self._place(base)}{mean if is_mean else ''}"
        return this, other if now.period == base.period else f"{other} {base.period.text}"

    def _place(self, side: Side) -> str:
        return side.scope.name or self._say("全网", "The network")

    def _say(self, zh: str, en: str) -> str:
        return zh if self._language == "zh" else en
