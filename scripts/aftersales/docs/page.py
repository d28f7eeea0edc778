"""The dictionary as one page: every word is in it, scripts only search and filter."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from aftersales.metrics.dictionary import Dictionary, Metric
from aftersales.metrics.lineage import Origin, columns_read
from aftersales.metrics.sources import Project
from aftersales.metrics.terminal import dimensions_of, ready_query, show_range
from aftersales.warehouse.manifest import Manifest

SECTIONS = {
    "finance": "财务",
    "efficiency": "效率",
    "quality": "质量",
    "satisfaction": "满意度",
    "operational": "数据质量",
    "reading": "比较与解释的读数",
}
STATUSES = {"certified": "已认证", "draft": "草案", "retired": "已废止"}
DIRECTIONS = {
    "up": ("越高越好", "higher is better"),
    "down": ("越低越好", "lower is better"),
    "band": ("区间内最好", "best inside a band"),
    "neutral": ("无好坏之分", "neither"),
}
_SEEDS = "seeds"
_AUDIT = "audit"


@dataclass(frozen=True)
class Step:
    """A column of a mart with what it is made of, each with a link into dbt's docs."""

    mart: tuple[str, str | None]
    staging: list[tuple[str, str | None]]
    raw: list[tuple[str, str | None]]


@dataclass(frozen=True)
class Links:
    """What stands beside the dictionary; None where there is nothing to link."""

    dbt: str
    data_docs: str | None
    steward: str | None
    version: Manifest | None


def render_page(
    dictionary: Dictionary, kept: Mapping[str, Origin], project: Project, links: Links
) -> str:
    """Write the whole page."""
    from jinja2 import Environment, StrictUndefined

    folder = files("aftersales.docs") / "templates"
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    template = environment.from_string((folder / "dictionary.html").read_text("utf-8"))
    metrics = dictionary.metrics.values()
    return template.render(
        style=(folder / "dictionary.css").read_text("utf-8"),
        script=(folder / "dictionary.js").read_text("utf-8"),
        sections={
            section: (zh, [_shown(dictionary, one, kept, project) for one in metrics
                          if one.section == section])
            for section, zh in SECTIONS.items()
        },
        statuses={
            status: (zh, sum(one.status == status for one in metrics))
            for status, zh in STATUSES.items()
        },
        total=len(dictionary.metrics),
        metric_count=sum(one.kind == "metric" for one in metrics),
        not_computable=dictionary.not_computable.values(),
        links=links,
    )  # fmt: skip


def _shown(
    dictionary: Dictionary, metric: Metric, kept: Mapping[str, Origin], project: Project
) -> dict[str, Any]:
    return {
        "metric": metric,
        "words": " ".join(
            [*metric.names, metric.definition_zh, metric.definition_en, metric.owner]
        ).lower(),
        "status_zh": STATUSES[metric.status],
        "direction": DIRECTIONS[metric.direction],
        "bands": None
        if metric.band is None
        else (show_range(metric, metric.band.good), show_range(metric, metric.band.fair)),
        "rivals": [
            (dictionary.metrics[other], zh, en)
            for other, (zh, en) in dictionary.rivals_of(metric).items()
        ],
        "formulas": [
            (
                metric.tables[cube],
                project.grains.get(metric.tables[cube]) or _AUDIT,
                formula.removeprefix("1e0 * "),
            )
            for cube, formula in metric.formulas.items()
        ],
        "lineage": [_step(str(column), kept) for column in columns_read(metric)],
        "views": [
            (view, dimensions_of(dictionary, view))
            for views in metric.views.values()
            for view in views
        ],
        "query": ready_query(dictionary, metric),
    }


def _step(column: str, kept: Mapping[str, Origin]) -> Step:
    origin = kept.get(column, Origin((), ()))
    table = column.partition(".")[0]
    return Step(
        (_named(column), _model_link(table)),
        [(_named(one), _model_link(one.partition(".")[0])) for one in origin.staging],
        [(_named(one), _raw_link(one)) for one in origin.raw],
    )


def _named(column: str) -> str:
    return f"{column.removesuffix('.*')} (rows)" if column.endswith(".*") else column


def _model_link(table: str) -> str | None:
    if table.startswith(("dq_rule_results", "dq_failing_rows", "published")):
        return None
    return f"#!/model/model.aftersales.{table}"


def _raw_link(column: str) -> str:
    system, table, _ = column.split(".")
    if system == _SEEDS:
        return f"#!/seed/seed.aftersales.{table}"
    return f"#!/source/source.aftersales.{system}.{table}"
