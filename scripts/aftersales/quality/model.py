"""What the gate talks about: rules of the catalogue, what was observed, what was concluded."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from aftersales.errors import AftersalesError

# What an audit writes into a version; a candidate must not inherit its parent's.
RESULT_TABLES = ("quality.dq_rule_results", "quality.dq_failing_rows", "quality.dq_verdict")


class Status(StrEnum):
    """What a rule's evaluation says. ERROR means it could not be evaluated, which is not FAIL."""

    PASS = "PASS"
    WARN = "WARN"
    FAIL = "FAIL"
    ERROR = "ERROR"


class Verdict(StrEnum):
    """What the whole audit says. `fail` and `error` keep a candidate unpublished."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    ERROR = "error"

    @property
    def is_publishable(self) -> bool:
        """Whether a candidate with this verdict may be published."""
        return self in (Verdict.PASS, Verdict.WARN)


class AuditError(AftersalesError):
    """The audit could not be carried out; the message says why and what to do."""


@dataclass(frozen=True)
class Rule:
    """One row of the catalogue `reference.dq_rules`."""

    rule_id: str
    rule_kind: str
    table_name: str
    severity: str
    warning_ratio: Decimal | None
    critical_ratio: Decimal | None
    sentence_zh: str
    sentence_en: str
    owner: str
    endangered_metrics: tuple[str, ...]
    fix_hint_en: str
    fix_hint_zh: str
    defect_kind: str

    @property
    def suite_name(self) -> str:
        """The Great Expectations suite the rule belongs to: one for each table judged."""
        return self.table_name


@dataclass(frozen=True)
class Count:
    """How many rows were looked at and how many of them broke the rule."""

    checked: int
    failed: int

    @property
    def ratio(self) -> float:
        """Share of the rows that broke the rule; a rule can fail on rows that are missing."""
        if self.checked == 0:
            return 1.0 if self.failed else 0.0
        return min(1.0, self.failed / self.checked)


@dataclass(frozen=True)
class Observation:
    """What an engine saw for one rule: counts, or the reason why it saw nothing."""

    rule_id: str
    engine: str
    total: Count | None = None
    newest: Count | None = None
    error: str = ""


@dataclass(frozen=True)
class RuleResult:
    """The conclusion about one rule."""

    rule: Rule
    status: Status
    engine: str
    total: Count
    newest: Count | None
    message: str
    failing_sql: str = ""


@dataclass(frozen=True)
class Finding:
    """A rule that did not pass, with everything somebody needs to act on it."""

    rule_id: str
    status: Status
    severity: str
    sentence_en: str
    sentence_zh: str
    owner: str
    table_name: str
    stores: tuple[tuple[str, int], ...]
    rows_failed: int
    rows_checked: int
    endangered_metrics: tuple[str, ...]
    fix_hint_en: str
    fix_hint_zh: str
    message: str
    where_to_look: str
    sample_rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuditReport:
    """The outcome of an audit, ready to be printed; the same facts are tables of the version."""

    verdict: Verdict
    results: tuple[RuleResult, ...]
    findings: tuple[Finding, ...]
    docs_index: str = ""
    timings: dict[str, float] = field(default_factory=dict)

    def count(self, status: Status) -> int:
        """How many rules ended with this status."""
        return sum(1 for result in self.results if result.status is status)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that keep the candidate unpublished."""
        return tuple(f for f in self.findings if f.status in (Status.FAIL, Status.ERROR))
