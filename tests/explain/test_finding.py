"""The paragraph: reasons in their order, warnings where they belong, both languages."""

from decimal import Decimal
from typing import Any

import pytest

from aftersales.explain.answer import Answer, Row
from aftersales.explain.figures import Figures
from aftersales.explain.finding import Finding
from aftersales.explain.question import (
    Language,
    Metric,
    Period,
    Question,
    Scope,
    Side,
    metrics_of,
)
from aftersales.metrics.model import Model

STORE = Scope("store", "S007", "通州店")
OCTOBER, SEPTEMBER = (
    Period("month", "2025-10-01", "2025-10"),
    Period("month", "2025-09-01", "2025-09"),
)


def node(path: str, before: float, now: float, contribution: float, share: float) -> Row:
    return {
        "level_number": path.count("/"),
        "node_path": path,
        "factor_code": path.rsplit("/", maxsplit=1)[-1],
        "base_value": Decimal(str(before)),
        "current_value": Decimal(str(now)),
        "contribution": Decimal(str(contribution)),
        "share_of_change": share,
        "is_leaf": path != "revenue",
        "residual_value": Decimal(0),
    }


def member(name: str, contribution: float, **more: Any) -> Row:
    return {
        "dimension_code": "order_type", "dimension_zh": "工单类型", "dimension_en": "Order type",
        "perspective": "business", "denominator_kind": "member", "member_code": name,
        "member_zh": name, "member_en": name, "base_numerator": Decimal(1),
        "current_numerator": Decimal(1), "base_rate": Decimal("60.0"),
        "current_rate": Decimal("50.0"), "base_share": Decimal("0.45"),
        "current_share": Decimal("0.45"), "rate_effect": Decimal(str(contribution)),
        "mix_effect": Decimal(0), "contribution": Decimal(str(contribution)),
        "share_of_change": 0.9, "weight": 0.45, "base_value": Decimal(70),
        "current_value": Decimal(65), "change_value": Decimal(-5), "residual_value": Decimal(0),
        "is_simpson_reversal": False, "mean_of_members": Decimal(60), "is_mean_misleading": False,
        **more,
    }  # fmt: skip


def whole(before: float, now: float, **more: Any) -> Row:
    return {
        "base_value": Decimal(str(before)),
        "current_value": Decimal(str(now)),
        "change_value": Decimal(str(now)) - Decimal(str(before)),
        "change_ratio": (now - before) / before,
        "is_complete": True,
        "is_provisional": False,
        "base_store_count": 1,
        "streak": 3,
        "path_values": [Decimal(70), Decimal(67), Decimal(65)],
        **more,
    }


def finding(
    model: Model,
    code: str,
    language: Language,
    *,
    tree: list[Row] | None = None,
    members: list[Row] | None = None,
    **more: Any,
) -> Finding:
    metrics = metrics_of(model)
    metric: Metric = metrics[code]
    question = Question(metric, Side(STORE, OCTOBER), Side(STORE, SEPTEMBER), "previous")
    values = (583.0, 521.0) if tree else (70.0, 65.0)
    actions = {
        "visits": ("打电话", "call them"),
        "order_type": ("培训 {member}", "train {member}"),
    }
    found = Answer(
        question,
        whole(*values, **more),
        {"order_type": members} if members else {},
        tree or [],
        actions,
    )
    return Finding(found, metrics, language)


TREE = [
    node("revenue", 583, 521, -62, 1.0),
    node("revenue/visits", 10, 8, -80, 1.29),
    node("revenue/average_ticket", 58.3, 65.1, 18, -0.29),
]


def test_reasons_stand_in_their_order_with_figures_and_what_to_do(model: Model) -> None:
    text = "\n".join(finding(model, "revenue", "zh", tree=TREE).sentences())
    assert "通州店 2025-10 产值 521 元, 比 2025-09 (583 元) 低 62 元 (−10.6%)。" in text
    assert "连续 3 个月下降" in text
    assert "不是偶然波动" in text
    assert "因为一个原因: ① 进厂台次 10 台次→8 台次, 影响 −80 元 (129.0%)。" in text
    assert "相反: 客单价 58 元→65 元, 影响 +18 元。" in text
    assert "我们需要: 1) 打电话。" in text


def test_the_same_in_english(model: Model) -> None:
    text = "\n".join(finding(model, "revenue", "en", tree=TREE).sentences())
    assert "62 yuan (−10.6%) below 2025-09 (583 yuan)" in text
    assert "Because of one reason: ① Visits 10 visits→8 visits, −80 yuan (129.0%)." in text
    assert "We need to: 1) call them." in text


def test_without_a_tree_members_are_the_reasons(model: Model) -> None:
    rows = [member("维修", -4.5), member("保养", -0.5), member("精品", 0)]
    text = "\n".join(finding(model, "nps", "zh", members=rows).sentences())
    assert "因为两个原因: ① 维修 60.0 分→50.0 分, 影响 −4.5 分 (90.0%)" in text
    assert "(水平 −4.5 分, 结构 +0.0 分), 涉及 45.0% 的样本" in text
    assert "我们需要: 1) 培训 维修; 2) 培训 保养。" in text


def test_a_turn_is_no_trend(model: Model) -> None:
    text = "\n".join(finding(model, "revenue", "zh", tree=TREE, streak=1).sentences())
    assert "尚不能称为趋势" in text


@pytest.mark.parametrize(
    ("flag", "zh"),
    [("is_simpson_reversal", "辛普森"), ("is_mean_misleading", "平均的平均")],
)
def test_reversals_and_means_of_means_are_flagged(model: Model, flag: str, zh: str) -> None:
    plain = [member("维修", -5.0), member("保养", -0.1)]
    assert zh not in "\n".join(finding(model, "nps", "zh", members=plain).sentences())
    rows = [member("维修", -5.0, **{flag: True}), member("保养", -0.1, **{flag: True})]
    assert zh in "\n".join(finding(model, "nps", "zh", members=rows).sentences())


def test_young_and_running_periods_are_warned_of(model: Model) -> None:
    rows = [member("维修", -5.0), member("保养", -0.1)]
    assert finding(model, "first_time_fix_rate", "zh", members=rows).warnings() == []
    lines = finding(
        model, "first_time_fix_rate", "zh", members=rows, is_provisional=True, is_complete=False
    ).warnings()
    assert "未满 30 天返修窗口" in lines[0]
    assert "相同天数" in lines[1]


def test_an_improvement_asks_for_nothing(model: Model) -> None:
    tree = [
        node("revenue", 521, 583, 62, 1.0),
        node("revenue/visits", 8, 10, 62, 1.0),
        node("revenue/average_ticket", 58, 58, 0, 0.0),
    ]
    lines = finding(model, "revenue", "zh", tree=tree, change_value=Decimal(62)).sentences()
    assert not any("我们需要" in line for line in lines)


@pytest.mark.parametrize(
    ("language", "figure", "unit", "shown"),
    [
        ("zh", -621164.51, "yuan", "−62.1 万元"),
        ("en", -621164.51, "yuan", "−621,165 yuan"),
        ("zh", -7511, "yuan", "−7,511 元"),
        ("zh", 0.0123, "ratio", "+1.23 个百分点"),
        ("en", -0.0123, "ratio", "−1.23 pp"),
        ("zh", 2.4, "visits", "+2.4 台次"),
    ],
)
def test_differences_carry_their_sign_and_unit(
    language: Language, figure: float, unit: str, shown: str
) -> None:
    assert Figures(language).difference(figure, unit) == shown


def test_a_share_never_changes_by_per_cent() -> None:
    assert Figures("zh").relative(-0.08, "ratio") == ""
    assert Figures("zh").relative(-0.08, "yuan") == "−8.0%"
