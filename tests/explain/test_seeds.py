"""Seeds of the explanation name metrics, sums and dimensions that exist."""

import csv
from typing import Any

import pytest

from aftersales.explain.question import metrics_of
from aftersales.metrics.bindings import bindings
from aftersales.metrics.model import Model
from aftersales.settings import Settings

ROOT = Settings().project_dir
Row = dict[str, Any]


def seed(name: str) -> list[Row]:
    with (ROOT / "seeds" / "explain" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if not row["valid_to"]]


def test_dimensions_list_known_metrics_and_the_right_kind_of_denominator(model: Model) -> None:
    bound = {one.code: one for one in bindings(model)}
    for row in seed("metric_dimensions"):
        has_denominator = bound[row["metric_code"]].denominator is not None
        assert has_denominator == (row["denominator_kind"] != "sum"), row


def test_a_metric_reads_each_dimension_once_in_one_order() -> None:
    ranks: dict[str, list[int]] = {}
    for row in seed("metric_dimensions"):
        ranks.setdefault(row["metric_code"], []).append(int(row["read_rank"]))
    for metric, found in ranks.items():
        assert sorted(found) == list(range(1, len(found) + 1)), metric


def test_the_tree_is_made_of_metrics_and_ends(model: Model) -> None:
    metrics, rows = metrics_of(model), seed("metric_tree")
    children: dict[str, set[str]] = {}
    for row in rows:
        assert row["metric_code"] in metrics
        assert row["term_sign"] in {"1", "-1"}
        assert row["factor_number"] in {"1", "2", "3"}
        if row["branch_kind"] == "product":
            assert row["factor_code"] in metrics
            children.setdefault(row["metric_code"], set()).add(row["factor_code"])

    def depth(metric: str, above: tuple[str, ...] = ()) -> int:
        assert metric not in above, f"{metric} is its own factor"
        below = [depth(child, (*above, metric)) for child in children.get(metric, ())]
        return 1 + max(below, default=-1)

    assert max(map(depth, children)) <= 4


def test_branches_by_members_are_dimensions_of_the_metric() -> None:
    known = {(row["metric_code"], row["dimension_code"]) for row in seed("metric_dimensions")}
    branches = [row for row in seed("metric_tree") if row["branch_kind"] == "members"]
    assert branches
    for row in branches:
        assert (row["metric_code"], row["factor_code"]) in known


def test_every_factor_and_dimension_says_what_to_do(model: Model) -> None:
    told = {row["finding_code"] for row in seed("finding_actions")}
    dimensions = {row["dimension_code"] for row in seed("explain_dimensions")}
    assert dimensions <= told
    assert told <= dimensions | set(metrics_of(model))
    parents = {row["metric_code"] for row in seed("metric_tree")}
    factors = {row["factor_code"] for row in seed("metric_tree") if row["branch_kind"] == "product"}
    assert factors - parents <= told


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_action_about_a_member_names_it(language: str) -> None:
    dimensions = {row["dimension_code"] for row in seed("explain_dimensions")}
    for row in seed("finding_actions"):
        assert ("{member}" in row[f"action_{language}"]) == (row["finding_code"] in dimensions)
