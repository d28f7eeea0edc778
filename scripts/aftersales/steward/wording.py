"""Values and metrics as people read them."""

from decimal import Decimal

from aftersales.metrics.dictionary import Dictionary


def show_value(value: Decimal | None, unit: str | None) -> str:
    """A value of a metric in its unit: a share in %, yuan without cents."""
    if value is None:
        return "–"
    if unit == "ratio":
        return f"{value:.2%}"
    return f"{value:,.0f}" if unit and unit.startswith("yuan") else f"{value:,.2f}"


def metric_title(dictionary: Dictionary, code: str, lang: str) -> str:
    """The title of a metric in a language, its code where the dictionary does not know it."""
    metric = dictionary.metrics.get(code)
    if metric is None:
        return code
    return metric.title_zh if lang == "zh" else metric.title_en


def list_metrics(dictionary: Dictionary, codes: str | None, lang: str) -> str:
    """Metrics separated by semicolons, by their titles."""
    names = [name.strip() for name in (codes or "").split(";") if name.strip()]
    comma = "、" if lang == "zh" else ", "
    return comma.join(metric_title(dictionary, name, lang) for name in names) or "–"
