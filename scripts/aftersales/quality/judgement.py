"""From what was observed to what it means. Nothing else in the gate decides."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

from aftersales.quality.model import (
    Count,
    Observation,
    Rule,
    RuleResult,
    Status,
    Verdict,
)


def classify(rule: Rule, observation: Observation | None) -> RuleResult:
    """Judge one rule: over everything landed and, for row rules, over the newest batch alone.

    The newest batch is judged apart because a share over years would hide a broken day.
    """
    if observation is None:
        observation = Observation(rule.rule_id, "none", error="no engine evaluated this rule")
    total = observation.total or Count(0, 0)
    if observation.error:
        return RuleResult(
            rule, Status.ERROR, observation.engine, total, observation.newest, observation.error
        )
    counts = [("all rows", total)]
    if observation.newest is not None:
        counts.append(("the newest batch", observation.newest))
    status, message = Status.PASS, ""
    for scope, count in counts:
        scope_status, scope_message = _judge(rule, scope, count)
        if _RANK[scope_status] > _RANK[status]:
            status, message = scope_status, scope_message
    return RuleResult(rule, status, observation.engine, total, observation.newest, message)


def conclude(results: Iterable[RuleResult]) -> Verdict:
    """The verdict: an error outweighs a failure, since what was not judged may hide anything."""
    results = list(results)
    statuses = {result.status for result in results}
    if Status.ERROR in statuses:
        return Verdict.ERROR
    if Status.FAIL in statuses:
        return Verdict.FAIL
    if any(r.status is Status.WARN and r.rule.severity != "info" for r in results):
        return Verdict.WARN
    return Verdict.PASS


_RANK = {Status.PASS: 0, Status.WARN: 1, Status.FAIL: 2, Status.ERROR: 3}


def _judge(rule: Rule, scope: str, count: Count) -> tuple[Status, str]:
    if is_above(count, rule.critical_ratio):
        return Status.FAIL, _describe(scope, count, rule.critical_ratio)
    if reaches(count, rule.warning_ratio):
        return Status.WARN, _describe(scope, count, rule.warning_ratio)
    return Status.PASS, ""


def reaches(count: Count, limit: Decimal | None) -> bool:
    """Whether a rule fires: a row is broken and the share of broken rows reaches its limit."""
    return limit is not None and count.failed > 0 and count.failed >= limit * count.checked


def is_above(count: Count, limit: Decimal | None) -> bool:
    """Whether a rule blocks: the share of broken rows is above its limit, empty for never."""
    return limit is not None and count.failed > 0 and count.failed > limit * count.checked


def tolerated_rows(rule: Rule, checked: int) -> int:
    """The largest number of broken rows with which a rule does not fire."""
    if rule.warning_ratio is None:
        return checked if rule.critical_ratio is None else int(rule.critical_ratio * checked)
    return max(0, math.ceil(rule.warning_ratio * checked) - 1)


def _describe(scope: str, count: Count, limit: Decimal | None) -> str:
    return (
        f"{count.failed} of {count.checked} rows ({100 * count.ratio:.2f} %) of {scope} "
        f"break the rule; the limit is {100 * float(limit or 0):g} %"
    )
