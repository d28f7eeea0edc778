"""From counts to a status, and from statuses to a verdict."""

from dataclasses import replace
from decimal import Decimal

import pytest

from aftersales.quality.judgement import classify, conclude, tolerated_rows
from aftersales.quality.model import Count, Observation, Rule, RuleResult, Status, Verdict

RULE = Rule(
    rule_id="vin_malformed",
    rule_kind="row",
    table_name="stg_dms__vehicles",
    severity="critical",
    warning_ratio=Decimal("0.1"),
    critical_ratio=Decimal("0.2"),
    sentence_zh="车架号应为 17 位。",
    sentence_en="A VIN has 17 letters.",
    owner="store-operations",
    endangered_metrics=("retention_rate",),
    fix_hint_en="Correct it.",
    fix_hint_zh="请更正。",
    defect_kind="vin_malformed",
)


def _result(rule: Rule, failed: int, checked: int = 100, newest: Count | None = None) -> RuleResult:
    return classify(rule, Observation(rule.rule_id, "gx", Count(checked, failed), newest))


@pytest.mark.parametrize(
    ("failed", "status"),
    [(0, Status.PASS), (9, Status.PASS), (10, Status.WARN), (20, Status.WARN), (21, Status.FAIL)],
)
def test_a_rule_fires_at_its_warning_ratio_and_blocks_above_its_critical_ratio(
    failed: int, status: Status
) -> None:
    assert _result(RULE, failed).status is status


def test_with_a_ratio_of_zero_the_first_row_counts() -> None:
    rule = replace(RULE, warning_ratio=Decimal(0), critical_ratio=Decimal(0))
    assert _result(rule, 0).status is Status.PASS
    assert _result(rule, 1, checked=10_000_000).status is Status.FAIL


def test_an_empty_critical_ratio_never_blocks() -> None:
    assert _result(replace(RULE, critical_ratio=None), 100).status is Status.WARN


def test_rows_can_be_missing_from_an_empty_table() -> None:
    assert _result(RULE, 3, checked=0).status is Status.FAIL
    assert _result(RULE, 0, checked=0).status is Status.PASS


def test_a_broken_day_is_not_hidden_by_good_years() -> None:
    result = _result(RULE, 600, checked=1_000_000, newest=Count(600, 600))
    assert result.status is Status.FAIL
    assert "newest batch" in result.message


def test_what_was_not_evaluated_is_an_error() -> None:
    assert classify(RULE, None).status is Status.ERROR
    broken = Observation(RULE.rule_id, "gx", Count(100, 50), error="no such column")
    assert classify(RULE, broken).status is Status.ERROR


@pytest.mark.parametrize("ratio", ["0", "0.001", "0.1", "0.335", "1"])
@pytest.mark.parametrize("checked", [1, 7, 1000])
def test_tolerated_rows_are_the_most_with_which_the_rule_stays_silent(
    ratio: str, checked: int
) -> None:
    rule = replace(RULE, warning_ratio=Decimal(ratio), critical_ratio=Decimal(1))
    tolerated = tolerated_rows(rule, checked)
    assert _result(rule, tolerated, checked).status is Status.PASS
    assert _result(rule, tolerated + 1, checked).status is not Status.PASS


def test_an_error_outweighs_a_failure_and_a_failure_a_warning() -> None:
    passed, warned, failed = (_result(RULE, count) for count in (0, 15, 50))
    error = classify(RULE, None)
    assert conclude([passed]) is Verdict.PASS
    assert conclude([passed, warned]) is Verdict.WARN
    assert conclude([passed, warned, failed]) is Verdict.FAIL
    assert conclude([passed, warned, failed, error]) is Verdict.ERROR
    assert [v.is_publishable for v in Verdict] == [True, True, False, False]


def test_a_note_does_not_make_a_version_doubtful() -> None:
    note = replace(RULE, severity="info", critical_ratio=None)
    assert conclude([_result(note, 50)]) is Verdict.PASS
