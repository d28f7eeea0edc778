"""Pages beside the rules: two records against each other, rival definitions, what is not usual."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from markupsafe import Markup

from aftersales.steward.reading import Reader, Row

_ALARMS, _BREAKS_BY_PAIR = 60, 12
_WIDTH, _ROW, _BAR, _PAD = 360, 22, 14, 4
BESIDE_PAGES = (
    ("reconciliation.html", "对账", "Reconciliation"),
    ("bridge.html", "口径桥", "Bridge"),
    ("watch.html", "留意", "Watch"),
)


@dataclass(frozen=True)
class Beside:
    """What these pages show, read once."""

    pairs: list[Row]
    breaks: dict[str, list[Row]]
    bridges: list[Row]
    alarms: list[Row]
    gaming: list[Row]

    def contents(self) -> dict[str, Callable[[], dict[str, Any]]]:
        """The values of each page."""
        return {
            "reconciliation.html": self._reconciliation,
            "bridge.html": self._bridges,
            "watch.html": self._watch,
        }

    def _reconciliation(self) -> dict[str, Any]:
        pairs = []
        for code, rows in groupby(self.pairs, key=lambda row: row["pair_code"]):
            stores = list(rows)
            pairs.append(
                {
                    "code": code,
                    "head": stores[0],
                    "stores": stores,
                    "breaks": self.breaks[code],
                    "query": all_breaks_query(code),
                }
            )
        return {"pairs": pairs}

    def _bridges(self) -> dict[str, Any]:
        found = []
        for _, rows in groupby(self.bridges, key=lambda row: row["bridge_code"]):
            steps = list(rows)
            found.append({"head": steps[0], "steps": _with_bars(steps)})
        return {"bridges": found}

    def _watch(self) -> dict[str, Any]:
        patterns = []
        for _, rows in groupby(self.gaming, key=lambda row: row["detector_code"]):
            listed = list(rows)
            signals = [row for row in listed if row["store_key"] is not None]
            patterns.append({"head": listed[0], "signals": signals})
        return {
            "alarms": self.alarms,
            "alarm_count": self.alarms[0]["alarm_count"] if self.alarms else 0,
            "patterns": patterns,
        }


def read_beside(reader: Reader) -> Beside:
    """Read what the pages show."""
    nothing = {"store": None, "month": None}
    pairs = reader.ask("reconciliations", pair=None, **nothing)
    return Beside(
        pairs=pairs,
        breaks={
            code: reader.ask("reconciliation_breaks", pair=code, limit=_BREAKS_BY_PAIR, **nothing)
            for code in dict.fromkeys(row["pair_code"] for row in pairs)
        },
        bridges=reader.ask("bridges"),
        alarms=reader.ask("alarms", limit=_ALARMS),
        gaming=reader.ask("gaming"),
    )


def all_breaks_query(pair_code: str) -> str:
    """The query that returns every break of a pair; it runs on the version's file."""
    return f"select * from marts.fct_reconciliation_breaks\nwhere pair_code = '{pair_code}'"


def _with_bars(steps: list[Row]) -> list[Row]:
    """The steps of a bridge with a waterfall: each bar starts where the one before it ends."""
    spans, reached = [], Decimal(0)
    for step in steps:
        value = step["step_value"]
        start = reached if step["step_kind"] == "rule" else Decimal(0)
        reached = start + value
        spans.append((float(start), float(reached)))
    low = min(min(span) for span in spans)
    high = max(max(span) for span in spans)
    # Bars of rules are small beside the ends: an axis that starts near them keeps them readable.
    ends = [span[1] for span, step in zip(spans, steps, strict=True) if step["step_kind"] != "rule"]
    if low >= 0 and min(ends) > 0:
        rules = [
            span for span, step in zip(spans, steps, strict=True) if step["step_kind"] == "rule"
        ]
        lowest = min([min(span) for span in rules] or [low])
        low = max(0.0, lowest - (high - lowest) * 0.5)
    return [
        {**step, "bar": waterfall(span, (low, high), step["step_kind"], step["step_value"])}
        for step, span in zip(steps, spans, strict=True)
    ]


def waterfall(
    span: tuple[float, float], axis: tuple[float, float], kind: str, value: Decimal
) -> Markup:
    """One bar of a waterfall on a shared axis."""
    start, end = axis
    width = (end - start) or 1.0

    def place(number: float) -> float:
        return _PAD + (max(number, start) - start) / width * (_WIDTH - 2 * _PAD)

    left, right = sorted((place(span[0]), place(span[1])))
    name = "end" if kind != "rule" else "more" if value >= 0 else "less"
    return Markup(
        '<svg class="waterfall {}" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}"/></svg>'
    ).format(
        name, _WIDTH, _ROW, f"{value:,.2f}", left, (_ROW - _BAR) / 2, max(right - left, 1.0), _BAR
    )
