"""Figures as people write them, in 中文 and English."""

from dataclasses import dataclass
from decimal import Decimal

from aftersales.explain.question import Language

Figure = Decimal | float | int
_WAN = 10_000
_WAN_FROM = 100_000
# A difference of a few pieces is shown with a decimal: factors share them.
_SMALL = 10
# Unit: suffix in 中文 and English, decimals.
_SUFFIXES: dict[str, tuple[str, str, int]] = {
    "yuan": (" 元", " yuan", 0),
    "yuan_per_visit": (" 元", " yuan", 0),
    "yuan_per_hour": (" 元/小时", " yuan/hour", 0),
    "yuan_per_technician_day": (" 元", " yuan", 0),
    "points": (" 分", " points", 1),
    "hours": (" 小时", " hours", 1),
    "hours_per_visit": (" 小时", " hours", 2),
    "hours_per_order": (" 小时", " hours", 2),
    "minutes": (" 分钟", " minutes", 1),
    "visits": (" 台次", " visits", 0),
    "orders": (" 单", " orders", 0),
    "surveys": (" 份", " surveys", 0),
    "complaints": (" 起", " complaints", 0),
    "appointments": (" 个", " appointments", 0),
}
# Differences of these are told in their own unit, never as a share of themselves.
_NO_RELATIVE_CHANGE = {"ratio", "points"}


@dataclass(frozen=True)
class Figures:
    """Writes values and differences of a unit."""

    language: Language

    def value(self, figure: Figure | None, unit: str) -> str:
        """Write a value with its unit."""
        if figure is None:
            return "–"
        if unit == "ratio":
            return f"{float(figure):.1%}"
        return self._with_unit(figure, unit, "")

    def difference(self, figure: Figure | None, unit: str) -> str:
        """Write a difference with its sign and unit; of a share in percentage points."""
        if figure is None:
            return "–"
        if unit == "ratio":
            suffix = " 个百分点" if self.language == "zh" else " pp"
            return _minus(f"{100 * float(figure):+.2f}{suffix}")
        return self._with_unit(figure, unit, "+")

    def size(self, figure: Figure, unit: str) -> str:
        """Write a difference without its sign."""
        return self.difference(figure, unit).lstrip("+−")

    def relative(self, ratio: Figure | None, unit: str) -> str:
        """Write a relative change, nothing where the unit has none of meaning."""
        if ratio is None or unit in _NO_RELATIVE_CHANGE:
            return ""
        return _minus(f"{float(ratio):+.1%}")

    def _with_unit(self, figure: Figure, unit: str, sign: str) -> str:
        zh, en, decimals = _SUFFIXES.get(unit, ("", "", 2))
        size = abs(float(figure))
        if unit == "yuan" and self.language == "zh" and size >= _WAN_FROM:
            return _minus(f"{float(figure) / _WAN:{sign},.1f} 万元")
        if sign and decimals == 0 and size < _SMALL:
            decimals = 1
        suffix = zh if self.language == "zh" else en
        return _minus(f"{float(figure):{sign},.{decimals}f}{suffix}")


def share(figure: Figure | None) -> str:
    """Write a share of a whole."""
    return "–" if figure is None else _minus(f"{float(figure):.1%}")


def _minus(text: str) -> str:
    """Use the minus sign, which lines up with the plus."""
    return text.replace("-", "−")
