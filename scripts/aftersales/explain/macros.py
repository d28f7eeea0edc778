"""The project's SQL macros outside of dbt: one definition of a formula for marts and commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aftersales.errors import AftersalesError
from aftersales.sql import literal

_MACROS = (
    "macros/engine/double_type.sql",
    "macros/engine/numeric_type.sql",
    "macros/metrics/metric_ratio.sql",
    "macros/metrics/round_half_up.sql",
    "macros/metrics/metric_value.sql",
    "macros/explain/no_member.sql",
    "macros/explain/place_dimensions.sql",
    "macros/explain/decomposed_members.sql",
    "macros/explain/dimension_changes.sql",
    "macros/explain/shapley_effect.sql",
    "macros/explain/walked_tree.sql",
)
_SQL = Path(__file__).with_name("sql")
Macro = Callable[..., str]


class _Dbt:
    """What macros ask of dbt, as DuckDB wants it."""

    @staticmethod
    def type_int() -> str:
        return "integer"

    @staticmethod
    def type_string() -> str:
        return "varchar"


class _Adapter:
    """Finds the form of a dispatched macro that DuckDB uses."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def dispatch(self, name: str, _package: str) -> Macro:
        form: Macro = self._found.get(f"duckdb__{name}") or self._found[f"default__{name}"]
        return form


def render(project_dir: Path, template: str, **values: Any) -> str:
    """Give the SQL of a template of this package, with the project's macros at hand."""
    environment = Environment(
        loader=FileSystemLoader([project_dir, _SQL]),
        extensions=["jinja2.ext.do"],
        undefined=StrictUndefined,
        autoescape=False,
    )
    found: dict[str, Any] = {}
    environment.globals.update(
        {"return": lambda value: value, "dbt": _Dbt, "adapter": _Adapter(found), "text": literal}
    )
    for path in _MACROS:
        if not (project_dir / path).is_file():
            raise AftersalesError(
                f"The macro {path} is missing in {project_dir}: set AFTERSALES_PROJECT to a "
                "complete checkout."
            )
        module = environment.get_template(path).make_module(dict(environment.globals))
        found.update({name: value for name, value in vars(module).items() if callable(value)})
        environment.globals.update(found)
    return environment.get_template(template).render(**values)
