"""For each row rule its defect is planted, and exactly that rule fires on exactly that row."""

from collections import defaultdict
from datetime import date

import pytest

from aftersales.quality.model import Observation
from aftersales.quality.suites import run_suites
from aftersales.quality.tables import read_hit_counts, read_table_facts
from aftersales.warehouse.plan import BuildPlan
from quality.plants.clean_rows import CLEAN_ROWS, Row
from quality.plants.row_defects import ROW_DEFECTS
from quality.support import ROOT, Candidate, catalogue_ids, land_rows, make_empty_candidate

ROW_RULES = catalogue_ids("row")
CLEAN = "clean"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """Staging of one clean batch a table and one batch a rule, each holding a single defect."""
    candidate = Candidate(tmp_path_factory.mktemp("row_rules"))
    tables = make_empty_candidate(
        candidate, BuildPlan("planted", None, date(2025, 10, 31), True, [], [])
    )
    candidate.dbt("seed")
    defects: dict[str, dict[str, list[Row]]] = defaultdict(dict)
    for rule in candidate.rules():
        if rule.rule_id in ROW_DEFECTS:
            change = ROW_DEFECTS[rule.rule_id]
            row = {**CLEAN_ROWS[rule.table_name], **change}
            defects[rule.table_name][rule.rule_id] = [row] if change else [row, row]
    with candidate.connect() as connection:
        for name, table in tables.items():
            land_rows(connection, table, {CLEAN: [CLEAN_ROWS[name]], **defects[name]})
    candidate.dbt("run", "--select", "staging", "dq_rule_hits", "+dq_row_accounting")
    return candidate


@pytest.fixture(scope="module")
def fired(judged: Candidate) -> dict[str, list[tuple[str, int]]]:
    """The rules that fired in each batch, with the row they fired on."""
    hits = defaultdict(list)
    with judged.connect() as connection:
        rows = connection.execute(
            "select batch_id, rule_id, row_number from quality.dq_rule_hits order by all"
        ).fetchall()
    for batch_id, rule_id, row_number in rows:
        hits[batch_id].append((rule_id, row_number))
    return hits


@pytest.fixture(scope="module")
def observed(judged: Candidate) -> dict[str, Observation]:
    """What Great Expectations counts on the same tables."""
    rules = judged.rules()
    with judged.connect() as connection:
        facts = read_table_facts(connection, rules, newest_batch_min_rows=1)
    run = run_suites(
        judged.database,
        ROOT,
        rules=[rule for rule in rules if rule.rule_kind == "row"],
        set_rule_sql={},
        tables=facts,
        docs_dir=None,
        site_name="row rules",
    )
    return run.observations


def test_every_row_rule_has_a_planted_defect() -> None:
    assert set(ROW_DEFECTS) == set(ROW_RULES)


@pytest.mark.parametrize("rule_id", ROW_RULES)
def test_exactly_the_planted_rule_fires(
    fired: dict[str, list[tuple[str, int]]], rule_id: str
) -> None:
    broken_row = 1 if ROW_DEFECTS[rule_id] else 2
    assert fired[rule_id] == [(rule_id, broken_row)]


def test_clean_rows_break_no_rule(fired: dict[str, list[tuple[str, int]]]) -> None:
    assert fired[CLEAN] == []


@pytest.mark.parametrize("rule_id", ROW_RULES)
def test_great_expectations_counts_the_planted_row(
    observed: dict[str, Observation], rule_id: str
) -> None:
    observation = observed[rule_id]
    assert not observation.error
    assert observation.total is not None
    assert observation.total.failed == 1


def test_hits_are_the_rows_that_staging_flags(
    judged: Candidate, observed: dict[str, Observation]
) -> None:
    with judged.connect() as connection:
        hits = read_hit_counts(connection)
    assert {rule_id: count for (rule_id, _), count in hits.items()} == dict.fromkeys(ROW_RULES, 1)
    assert set(observed) == set(ROW_RULES)


def test_every_landed_row_is_accounted_for(judged: Candidate) -> None:
    with judged.connect() as connection:
        lost = connection.execute(
            "select * from quality.dq_row_accounting "
            "where rows_landed <> rows_clean + rows_quarantined"
        ).fetchall()
    assert lost == []
