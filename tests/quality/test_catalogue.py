"""The catalogue says everything somebody needs who is woken by a rule."""

import csv
import re
from decimal import Decimal

import pytest

from quality.support import CATALOGUE, ROOT

with CATALOGUE.open(encoding="utf-8", newline="") as _file:
    RULES = list(csv.DictReader(_file))
THRESHOLD = re.compile(r"""threshold\(\s*['"]([a-z_]+)['"]\s*\)""")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["rule_id"]))
def test_a_rule_is_complete(rule: dict[str, str]) -> None:
    for column in ("sentence_zh", "sentence_en", "owner", "endangered_metrics", "valid_from"):
        assert rule[column].strip(), column
    assert rule["fix_hint_en"].strip()
    assert rule["fix_hint_zh"].strip()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["rule_id"]))
def test_a_rule_warns_before_it_blocks(rule: dict[str, str]) -> None:
    assert rule["severity"] in ("critical", "warning", "info")
    assert (rule["severity"] == "critical") == bool(rule["critical_ratio"])
    if rule["critical_ratio"]:
        assert Decimal(rule["warning_ratio"]) <= Decimal(rule["critical_ratio"]) <= 1


def test_every_threshold_that_is_read_exists() -> None:
    """A limit that is missing is NULL, and a comparison with NULL never fires."""
    with (ROOT / "seeds" / "thresholds.csv").open(encoding="utf-8", newline="") as file:
        known = {row["threshold_code"] for row in csv.DictReader(file) if not row["valid_to"]}
    read = {
        code
        for folder in ("models", "macros", "tests/data")
        for path in (ROOT / folder).rglob("*.sql")
        for code in THRESHOLD.findall(path.read_text(encoding="utf-8"))
    }
    assert len(read) >= 20
    assert read <= known
