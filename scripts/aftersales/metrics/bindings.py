"""Writes the macros that tell SQL which sums a metric is made of.

A metric is defined once, in Cube. Marts that compare, rank and explain need its numerator and
denominator apart; they read them from a macro that is generated from Cube's formulas and never
written by hand. `python -m aftersales.metrics.bindings` writes it, a test says when it is stale.
"""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from aftersales.errors import AftersalesError
from aftersales.metrics.formulas import bindings_of, columns_of, resolve
from aftersales.metrics.model import Model, read_model
from aftersales.settings import Settings

LIBRARY = "metric_library"
MACRO_FILE = Path("macros/metrics/store_metrics.sql")
_RATIO = re.compile(
    r"^(?P<factor>\d+e\d+) \* (?P<numerator>.+) / NULLIF\((?P<denominator>.+), 0\)$"
)
_SUM = re.compile(r"\{_(\w+)\}")
_SUMS_ADDED = re.compile(r"\{_\w+\}( [+-] \{_\w+\})*")
_HEAD = """\
{#
  The metrics of the library and the sums they are made of, by store and day: a metric is
  factor * numerator / denominator, or its numerator alone where the denominator is none.
  GENERATED from Cube's definitions by `python -m aftersales.metrics.bindings`: change those.
#}
{% macro store_metrics() -%}
    {{ return([
"""
COLUMNS_FILE = Path("macros/metrics/metric_columns.sql")
_STORE_TABLES = frozenset({"fct_store_day", "fct_store_month"})
_COLUMNS_HEAD = """\
{#
  The columns of the store day and the store month that each metric made of them reads.
  GENERATED from Cube's definitions by `python -m aftersales.metrics.bindings`: change those.
#}
{% macro metric_columns() -%}
    {{ return({
"""
_COLUMNS_TAIL = """\
    }) }}
{%- endmacro %}
"""
_TAIL = """\
    ]) }}
{%- endmacro %}
"""


@dataclass(frozen=True)
class Binding:
    """A metric of the library over the sums of a store and a day.

    `numerator` and `denominator` are SQL over column names of `int_store_periods`; `denominator` is
    None for a metric that is a plain sum. `factor` is what the ratio is multiplied by.
    """

    code: str
    numerator: str
    denominator: str | None
    factor: int
    unit: str
    direction: str
    maturity_days: int


def bindings(model: Model) -> list[Binding]:
    """Every public metric of the library, in the order of its definition.

    Raises AftersalesError for a formula that is neither made of added sums nor a ratio of them.
    """
    found = []
    for name, measure in model.members(LIBRARY, "measures").items():
        if name.startswith("_"):
            continue
        meta = measure["meta"]
        numerator, denominator, factor = _parts(name, measure["sql"].strip())
        found.append(
            Binding(
                code=name,
                numerator=numerator,
                denominator=denominator,
                factor=factor,
                unit=meta["unit"],
                direction=meta["direction"],
                maturity_days=meta["maturity_days"],
            )
        )
    return sorted(found, key=lambda one: one.code)


def _parts(name: str, formula: str) -> tuple[str, str | None, int]:
    ratio = _RATIO.match(formula)
    if ratio:
        factor = int(float(ratio["factor"]))
        return _columns(ratio["numerator"]), _columns(ratio["denominator"]), factor
    if _SUMS_ADDED.fullmatch(formula):
        return _columns(formula), None, 1
    raise AftersalesError(
        f"metric {name}: {formula!r} is neither a sum nor a ratio of sums. Write it as "
        "'1e0 * {_a} / NULLIF({_b}, 0)' or '{_a} - {_b}', or define it outside the library."
    )


def _columns(expression: str) -> str:
    return _SUM.sub(r"\1", expression).strip()


def render(found: list[Binding]) -> str:
    """The macro file's text."""
    lines = [
        f"        {json.dumps(asdict(one), ensure_ascii=False).replace('null', 'none')},\n"
        for one in found
    ]
    return _HEAD + "".join(lines) + _TAIL


def store_columns(model: Model) -> dict[str, list[str]]:
    """The columns of store day and store month by public metric, for metrics made of them."""
    found = {}
    for name, cubes in sorted(bindings_of(model).items()):
        columns = {one for cube in cubes for one in columns_of(resolve(model, cube, name))}
        used = sorted({one.name for one in columns if one.table in _STORE_TABLES})
        if used:
            found[name] = used
    return found


def render_columns(found: dict[str, list[str]]) -> str:
    """The text of the file of columns."""
    lines = [f"        {json.dumps(name)}: {json.dumps(used)},\n" for name, used in found.items()]
    return _COLUMNS_HEAD + "".join(lines) + _COLUMNS_TAIL


def main() -> None:
    """Write the macro files."""
    project = Settings().project_dir
    model = read_model(project / "semantic" / "model")
    (project / MACRO_FILE).write_text(render(bindings(model)), encoding="utf-8")
    (project / COLUMNS_FILE).write_text(render_columns(store_columns(model)), encoding="utf-8")
    print(f"wrote {MACRO_FILE} and {COLUMNS_FILE}")


if __name__ == "__main__":
    main()
