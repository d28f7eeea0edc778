"""For each set rule its defect is planted in a clean warehouse, and exactly that rule fires."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from aftersales.quality.declarations import set_rule_classes
from quality.plants.set_defects import SET_DEFECTS
from quality.support import ROOT, Company, catalogue_ids

SET_RULES = catalogue_ids("set")
FAILING_COLUMNS = ["store_id", "business_on", "row_key", "detail"]
RULE_FILES = sorted((ROOT / "tests" / "data" / "rules").glob("*.sql"))


@pytest.fixture(scope="module")
def queries(clean_company: Company) -> dict[str, str]:
    return clean_company.set_rule_sql()


@pytest.fixture
def connection(clean_company: Company) -> Iterator[duckdb.DuckDBPyConnection]:
    """The clean warehouse; whatever a test changes in it is taken back."""
    with clean_company.connect() as connection:
        connection.execute("begin")
        yield connection
        connection.execute("rollback")


def _fired(connection: duckdb.DuckDBPyConnection, queries: dict[str, str]) -> dict[str, int]:
    counts = {}
    for rule_id, query in queries.items():
        row = connection.execute(f"select count(*) from ({query})").fetchone()
        counts[rule_id] = int(row[0]) if row else 0
    return {rule_id: count for rule_id, count in counts.items() if count}


def test_every_set_rule_has_a_query_a_class_and_a_planted_defect(queries: dict[str, str]) -> None:
    assert set(queries) == set(SET_RULES)
    assert set(set_rule_classes(ROOT)) == set(SET_RULES)
    assert set(SET_DEFECTS) == set(SET_RULES)


def test_a_clean_company_breaks_no_set_rule(
    connection: duckdb.DuckDBPyConnection, queries: dict[str, str]
) -> None:
    assert _fired(connection, queries) == {}


@pytest.mark.parametrize("rule_id", SET_RULES)
def test_exactly_the_planted_rule_fires(
    connection: duckdb.DuckDBPyConnection, queries: dict[str, str], rule_id: str
) -> None:
    for statement in SET_DEFECTS[rule_id]:
        connection.execute(statement)
    assert list(_fired(connection, queries)) == [rule_id]
    result = connection.execute(queries[rule_id])
    assert [column[0] for column in result.description] == FAILING_COLUMNS
    assert all(row[2] and row[3] for row in result.fetchall()), "a failing row has key and detail"


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda path: path.stem)
def test_a_rule_explains_itself(path: Path) -> None:
    """The file is named after its rule and says what it proves, why, and what it is not."""
    text = path.read_text(encoding="utf-8")
    assert f"'rule_id': '{path.stem}'" in text
    comments = re.findall(r"^-- (.*)$", text, flags=re.MULTILINE)
    assert len(comments) >= 3
