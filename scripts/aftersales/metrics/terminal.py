"""How the terminal shows the dictionary."""

from rich.console import Console
from rich.table import Table

from aftersales.metrics.dictionary import Dictionary, Metric, NotComputable
from aftersales.metrics.lineage import Origin, raw_columns
from aftersales.metrics.sources import Project, marts_of

_WIDTH = 118
_SHOWN_DIMENSIONS = 14
_SECTIONS = ["finance", "efficiency", "quality", "satisfaction", "operational", "reading"]
_DIRECTIONS = {
    "up": "越高越好 / higher is better",
    "down": "越低越好 / lower is better",
    "band": "区间内最好 / best inside a band",
    "neutral": "无好坏之分 / neither",
}


def _console() -> Console:
    console = Console(highlight=False, markup=False)
    console.width = max(console.width, _WIDTH)
    return console


def print_list(dictionary: Dictionary, metrics: list[Metric]) -> None:
    """Print one line a metric, families together."""
    console = _console()
    for section in dict.fromkeys(sorted((one.section for one in metrics), key=_SECTIONS.index)):
        table = Table(title=section, title_justify="left", box=None, pad_edge=False)
        for heading in ("id", "中文", "English", "unit", "status", "version"):
            table.add_column(heading, no_wrap=heading == "id", overflow="fold")
        for metric in metrics:
            if metric.section == section:
                unit = f"{metric.unit.zh} / {metric.unit.en}"
                table.add_row(
                    metric.id,
                    metric.title_zh,
                    metric.title_en,
                    unit if metric.unit.zh != metric.unit.en else metric.unit.zh,
                    metric.status,
                    str(metric.version),
                )
        console.print(table)
        console.print()
    certified = sum(metric.status == "certified" for metric in metrics)
    business = sum(metric.kind == "metric" for metric in metrics)
    console.print(
        f"{business} metrics, {certified} certified; {len(metrics) - business} measures of the "
        "data, or that read other metrics. "
        "`aftersales metrics NAME` explains one; `--not-computable` lists what records cannot say."
    )
    if dictionary.problems:
        console.print(f"The dictionary has {len(dictionary.problems)} faults: run `make test`.")


def print_not_computable(found: list[NotComputable]) -> None:
    """Print what cannot be computed, why, and what would be needed."""
    console = _console()
    for one in found:
        console.print(f"{one.id}: {one.title_zh} / {one.title_en}")
        console.print(f"  {one.reason_zh}；需要：{one.needs_zh}。")
        console.print(f"  {one.reason_en}; needed: {one.needs_en}.")


def print_metric(
    dictionary: Dictionary, metric: Metric, project: Project, kept: dict[str, Origin]
) -> None:
    """Explain one metric."""
    console = _console()
    console.print(f"{metric.title_zh} / {metric.title_en}   ({metric.id})")
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for heading, text in _facts(dictionary, metric, project, kept):
        table.add_row(heading, text)
    console.print(table)
    console.print()
    # Too long for a column, and made to be copied.
    console.print(_ready_line(dictionary, metric), soft_wrap=True)


def _facts(
    dictionary: Dictionary, metric: Metric, project: Project, kept: dict[str, Origin]
) -> list[tuple[str, str]]:
    facts = [
        ("定义", metric.definition_zh),
        ("definition", metric.definition_en),
        ("公式", metric.formula_zh),
        ("formula", metric.formula_en),
        ("in columns", metric.shown_formula),
        ("口径", f"{metric.scope.zh}；不含：{metric.scope.excludes_zh}"),
        ("scope", f"{metric.scope.en}; without: {metric.scope.excludes_en}"),
        ("unit", _unit(metric)),
        ("direction", _DIRECTIONS[metric.direction]),
        ("family, owner", f"{metric.family}, {metric.owner}"),
        ("stands after", f"{metric.maturity_days} days" if metric.maturity_days else "the day"),
        ("status", _status(metric)),
        ("target", _target(metric)),
    ]
    if metric.band is not None:
        facts.append(("band", _band(metric)))
    if metric.also_called:
        facts.append(("also called", ", ".join(metric.also_called)))
    facts += _rivals(dictionary, metric)
    marts = marts_of(metric) or sorted(set(metric.tables.values()))
    facts.append(
        ("marts", "; ".join(f"{mart} ({project.grains.get(mart) or 'audit'})" for mart in marts))
    )
    facts.append(("raw columns", ", ".join(raw_columns(metric, kept)) or "none"))
    facts += [
        (f"view {view}", _some_dimensions(dictionary, view))
        for views in metric.views.values()
        for view in views
    ]
    return facts


def _unit(metric: Metric) -> str:
    unit = metric.unit
    shown = unit.zh if unit.zh == unit.en else f"{unit.zh} / {unit.en}"
    if unit.change_en != unit.en:
        return f"{shown}; a change is in {unit.change_zh} / {unit.change_en}"
    return shown


def _status(metric: Metric) -> str:
    text = f"{metric.status}, version {metric.version}, valid from {metric.valid_from}"
    if metric.valid_to is not None:
        text += f" to {metric.valid_to}"
    one = metric.certificate
    if one is not None and metric.status == "certified":
        text += f", signed by {one.certified_by} on {one.certified_on}"
    if metric.certificate_problem is not None:
        text += f" ({metric.certificate_problem})"
    return text


def _target(metric: Metric) -> str:
    found = []
    if metric.target is not None:
        found.append(f"by store and month, from finance (fct_targets, {metric.target})")
    if metric.band is not None and metric.band.target is not None:
        found.append(f"{metric.unit.show(metric.band.target)} in general")
    return "; ".join(found) or "none"


def _band(metric: Metric) -> str:
    assert metric.band is not None
    good, fair = (show_range(metric, bounds) for bounds in (metric.band.good, metric.band.fair))
    return (
        f"good {good}, fair {fair}, else red; {metric.band.owner}, "
        f"since {metric.band.valid_from}: {metric.band.reason}"
    )


def show_range(metric: Metric, bounds: tuple[float | None, float | None]) -> str:
    """Write a range of values in the metric's unit."""
    low, high = bounds
    show = metric.unit.show
    if low is not None and high is not None:
        return f"{show(low)} to {show(high)}"
    if low is not None:
        return f"from {show(low)}"
    return f"up to {show(high)}" if high is not None else "any"


def _rivals(dictionary: Dictionary, metric: Metric) -> list[tuple[str, str]]:
    found = []
    for other, (zh, en) in dictionary.rivals_of(metric).items():
        rival = dictionary.metrics[other]
        said = f": {zh} / {en}" if zh else f": {rival.formula_zh} / {rival.formula_en}"
        found.append((f"not {other}", f"{rival.title_zh} / {rival.title_en}{said}"))
    return found


def dimensions_of(dictionary: Dictionary, view: str) -> list[str]:
    """List the dimensions by which a view answers."""
    return [
        member.name for member in dictionary.model.view_members(view) if member.kind == "dimensions"
    ]


def _some_dimensions(dictionary: Dictionary, view: str) -> str:
    names = dimensions_of(dictionary, view)
    more = len(names) - _SHOWN_DIMENSIONS
    return ", ".join(names[:_SHOWN_DIMENSIONS]) + (f", {more} more" if more > 0 else "")


def ready_query(dictionary: Dictionary, metric: Metric) -> str:
    """Write a query of the metric by store and month that can be run as it is."""
    views = [view for shown in metric.views.values() for view in shown]
    view = "store_performance" if "store_performance" in views else views[0]
    members = dictionary.model.view_members(view)
    words = ["aftersales", "query", f"-m {view}.{metric.id}"]
    names = [member.name for member in members]
    if "store_name" in names:
        words.append(f"-d {view}.store_name")
    times = [
        member.name
        for member in members
        if member.kind == "dimensions" and member.definition["type"] == "time"
    ]
    if times:
        words.append(f"--time {view}.{times[0]} --granularity month")
    return " ".join(words)


def _ready_line(dictionary: Dictionary, metric: Metric) -> str:
    return f"ask it: {ready_query(dictionary, metric)}"
