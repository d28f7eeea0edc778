"""The model keeps the rules, and each rule notices its breach."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aftersales.metrics.model import Document, Model

from .lint import lint_model, lint_text

MINIMUM_MEASURES = 40


def test_model_keeps_every_rule(model: Model) -> None:
    assert lint_model(model) == []


def test_no_file_is_taken_for_a_template(semantic_dir: Path) -> None:
    files = sorted((semantic_dir / "model").rglob("*.yml"))
    problems = [
        problem
        for path in files
        for problem in lint_text(path.name, path.read_text(encoding="utf-8"))
    ]
    assert problems == []
    assert lint_text("x.yml", "sql: '{{ x }}'") != []


def test_one_cube_or_view_a_file_named_after_it(semantic_dir: Path, model: Model) -> None:
    names = sorted(path.stem for path in (semantic_dir / "model").rglob("*.yml"))
    assert names == sorted([*model.cubes, *model.views, *model.lending])


def test_there_are_enough_measures_of_all_families(model: Model) -> None:
    families = {member.name: member.meta["family"] for member in model.public_measures()}
    assert len(families) >= MINIMUM_MEASURES
    assert set(families.values()) == {"efficiency", "quality", "satisfaction", "finance"}


def _view(model: Model) -> Document:
    return model.views["store_performance"]


def _measure(model: Model, cube: str, name: str) -> Document:
    found: Document = next(item for item in model.cubes[cube]["measures"] if item["name"] == name)
    return found


def _make_cube_public(model: Model) -> None:
    model.cubes["stores"]["public"] = True


def _include_everything(model: Model) -> None:
    _view(model)["cubes"][0]["includes"] = "*"


def _drop_policies(model: Model) -> None:
    del _view(model)["access_policy"]


def _drop_row_rule(model: Model) -> None:
    del _view(model)["access_policy"][0]["row_level"]


def _empty_row_rule(model: Model) -> None:
    _view(model)["access_policy"][0]["row_level"] = {"filters": []}


def _policy_for_stranger(model: Model) -> None:
    _view(model)["access_policy"][0]["group"] = "*"


def _add_default_filter(model: Model) -> None:
    _view(model)["default_filters"] = [{"member": "store_key", "operator": "set"}]


def _add_grain(model: Model) -> None:
    _measure(model, "finance_metrics", "revenue")["grain"] = {"include": ["business_on"]}


def _personal_data_for_all(model: Model) -> None:
    contacts = model.views["customer_contacts"]
    contacts["access_policy"].append({"group": "hq", "row_level": {"allow_all": True}})


def _copy_measure(model: Model) -> None:
    copied = copy.deepcopy(_measure(model, "finance_metrics", "gross_margin"))
    model.cubes["repair_orders"]["measures"].append(copied)


def _copy_formula(model: Model) -> None:
    copied = copy.deepcopy(_measure(model, "finance_metrics", "gross_margin"))
    model.cubes["repair_orders"]["measures"].append({**copied, "name": "margin_rate"})


def _show_helper(model: Model) -> None:
    _view(model)["cubes"][0]["includes"].append("_revenue_amount")


def _open_helper(model: Model) -> None:
    del _measure(model, "fact_sums", "_revenue_amount")["public"]


def _member_without(part: str) -> Callable[[Model], None]:
    def change(model: Model) -> None:
        del _measure(model, "finance_metrics", "revenue")[part]

    return change


def _meta_without(part: str) -> Callable[[Model], None]:
    def change(model: Model) -> None:
        del _measure(model, "finance_metrics", "revenue")["meta"][part]

    return change


def _share_without_percent(model: Model) -> None:
    del _measure(model, "finance_metrics", "gross_margin")["format"]


def _percent_without_share(model: Model) -> None:
    _measure(model, "finance_metrics", "average_ticket")["format"] = "percent"


def _unknown_member(model: Model) -> None:
    _view(model)["cubes"][0]["includes"].append("no_such_member")


def _name_of_view(model: Model) -> None:
    _measure(model, "finance_metrics", "revenue")["name"] = "store_performance"
    _view(model)["cubes"][0]["includes"][1] = "store_performance"


def _unportable(model: Model) -> None:
    _measure(model, "order_stages", "customer_wait_p50")["sql"] = "MEDIAN({CUBE}.x)"


def _sql_cube(model: Model) -> None:
    model.cubes["stores"]["sql"] = "select 1"


@pytest.mark.parametrize(
    ("breach", "message"),
    [
        (_make_cube_public, "is not private"),
        (_include_everything, "includes everything"),
        (_drop_policies, "has no access policy"),
        (_drop_row_rule, "opens every row"),
        (_empty_row_rule, "opens every row"),
        (_policy_for_stranger, "unknown group"),
        (_add_default_filter, "default_filters"),
        (_add_grain, "grain"),
        (_personal_data_for_all, "shows personal data"),
        (_copy_measure, "define it once"),
        (_copy_formula, "two definitions"),
        (_show_helper, "a helper in a view"),
        (_open_helper, "a helper that is not private"),
        (_member_without("title"), "lacks a title"),
        (_member_without("description"), "lacks a description"),
        (_meta_without("unit"), "meta lacks unit"),
        (_meta_without("owner"), "lacks an owner"),
        (_meta_without("family"), "no family"),
        (_share_without_percent, "format percent"),
        (_percent_without_share, "format percent"),
        (_unknown_member, "no cube has"),
        (_name_of_view, "shares the view's name"),
        (_unportable, "other engines"),
        (_sql_cube, "belongs in a mart"),
    ],
)
def test_each_rule_notices_its_breach(
    model: Model, breach: Callable[[Model], Any], message: str
) -> None:
    broken = copy.deepcopy(model)
    breach(broken)
    problems = lint_model(broken)
    assert any(re.search(re.escape(message), problem) for problem in problems), problems
