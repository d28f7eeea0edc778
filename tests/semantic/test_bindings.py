"""The macro that binds metrics to their sums is what Cube's formulas say."""

import pytest

from aftersales.errors import AftersalesError
from aftersales.metrics.bindings import MACRO_FILE, bindings, render
from aftersales.metrics.model import Model
from aftersales.settings import Settings


def test_the_macro_is_generated_from_the_formulas_as_they_are(model: Model) -> None:
    written = (Settings().project_dir / MACRO_FILE).read_text(encoding="utf-8")
    assert written == render(bindings(model)), "run python -m aftersales.metrics.bindings"


def test_a_changed_formula_changes_the_macro(model: Model) -> None:
    changed = Model(
        {**model.cubes, "metric_library": {**model.cubes["metric_library"], "measures": [
            {
                "name": "nps",
                "sql": "1e2 * {_promoter_count} / NULLIF({_nps_response_count}, 0)",
                "meta": {"unit": "points", "direction": "up", "maturity_days": 0},
            }
        ]}},
        model.views,
    )  # fmt: skip
    assert render(bindings(changed)) != render(bindings(model))


def test_a_formula_that_is_no_ratio_of_sums_is_refused(model: Model) -> None:
    cube = {
        "name": "metric_library",
        "measures": [{"name": "odd", "sql": "SUM(x)", "meta": {}}],
    }
    with pytest.raises(AftersalesError, match="neither a sum nor a ratio of sums"):
        bindings(Model({"metric_library": cube}, {}))
