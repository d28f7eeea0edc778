"""The judgements written in staging and the rule catalogue say the same."""

import csv
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "seeds" / "quality" / "dq_rules.csv"
JUDGEMENT = re.compile(r"\[\s*'([a-z0-9_]+)',\s*'(quarantine|flag)',")
REQUIRED = ("sentence_zh", "sentence_en", "owner", "endangered_metrics", "fix_hint_en")


def catalogue() -> list[dict[str, str]]:
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judged(folder: Path) -> set[tuple[str, str, str]]:
    """Give table, rule and consequence of every judgement in the staging models."""
    found: set[tuple[str, str, str]] = set()
    for path in folder.glob("*/stg_*.sql"):
        for rule_id, consequence in JUDGEMENT.findall(path.read_text(encoding="utf-8")):
            found.add((path.stem, rule_id, consequence))
    return found


def test_staging_judges_exactly_the_row_rules_of_the_catalogue() -> None:
    listed = {
        (rule["table_name"], rule["rule_id"], rule["consequence_kind"])
        for rule in catalogue()
        if rule["rule_kind"] == "row"
    }
    assert judged(ROOT / "models" / "staging") == listed


def test_the_comparison_sees_a_judgement(tmp_path: Path) -> None:
    model = tmp_path / "dms" / "stg_dms__orders.sql"
    model.parent.mkdir()
    model.write_text("{{ judge([\n    ['order_odd', 'flag', 'a > 1'],\n]) }}", encoding="utf-8")
    assert judged(tmp_path) == {("stg_dms__orders", "order_odd", "flag")}


def test_each_rule_says_what_must_hold_who_acts_and_how() -> None:
    incomplete = [
        (rule["rule_id"], name) for rule in catalogue() for name in REQUIRED if not rule[name]
    ]
    assert not incomplete


def test_a_critical_rule_has_a_share_that_blocks_and_no_other_has() -> None:
    wrong = [
        rule["rule_id"]
        for rule in catalogue()
        if (rule["severity"] == "critical") != (rule["critical_ratio"] != "")
    ]
    assert not wrong


def test_endangered_metrics_are_measures_of_the_semantic_layer() -> None:
    measures: set[str] = set()
    for path in (ROOT / "semantic" / "model" / "cubes").rglob("*.yml"):
        for cube in yaml.safe_load(path.read_text(encoding="utf-8")).get("cubes", []):
            measures.update(measure["name"] for measure in cube.get("measures", []))
    unknown = {
        (rule["rule_id"], metric)
        for rule in catalogue()
        for metric in rule["endangered_metrics"].split(";")
        if metric not in measures
    }
    assert not unknown
