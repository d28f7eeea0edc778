"""Small pictures as SVG: a line over time, and a value between its bounds."""

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

_WIDTH, _HEIGHT, _PAD = 120, 28, 3
_BAR_WIDTH, _BAR_HEIGHT = 360, 18
Number = int | float | Decimal


def trend(values: Sequence[Number | None], title: str) -> Markup:
    """A line through the values that are known; a dot alone for one."""
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if not known:
        return Markup("")
    low, high = min(value for _, value in known), max(value for _, value in known)
    step = (_WIDTH - 2 * _PAD) / max(len(values) - 1, 1)
    span = (high - low) or 1.0
    points = [
        (_PAD + place * step, _HEIGHT - _PAD - (value - low) / span * (_HEIGHT - 2 * _PAD))
        for place, value in known
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    last_x, last_y = points[-1]
    return Markup(
        '<svg class="trend" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<polyline points="{}"/><circle cx="{:.1f}" cy="{:.1f}" r="2.5"/></svg>'
    ).format(_WIDTH, _HEIGHT, title, line, last_x, last_y)


def bounds(
    lowest: Number, value: Number, highest: Number, axis: tuple[float, float], title: str
) -> Markup:
    """A bar from the lowest to the highest value with a mark at the value, on a shared axis."""
    start, end = axis
    span = (end - start) or 1.0

    def place(number: Number) -> float:
        return _PAD + (float(number) - start) / span * (_BAR_WIDTH - 2 * _PAD)

    left, right, mark = place(lowest), place(highest), place(value)
    return Markup(
        '<svg class="bounds" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<line x1="{:.1f}" x2="{:.1f}" y1="{}" y2="{}"/>'
        '<rect x="{:.1f}" y="5" width="{:.1f}" height="{}"/>'
        '<rect class="mark" x="{:.1f}" y="1" width="3" height="{}"/></svg>'
    ).format(
        _BAR_WIDTH, _BAR_HEIGHT, title, _PAD, _BAR_WIDTH - _PAD, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2,
        left, max(right - left, 1.0), _BAR_HEIGHT - 10, mark - 1.5, _BAR_HEIGHT - 2,
    )  # fmt: skip
