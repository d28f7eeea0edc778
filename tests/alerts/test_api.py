"""The measures of the API equal counts made from the rows of the tables, by every dimension."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import duckdb
import pytest

from aftersales.home import Home
from aftersales.serving.client import query
from aftersales.serving.node import install
from aftersales.serving.server import ServerHandle, start_server
from aftersales.settings import Settings
from alerts.company import Company
from alerts.test_commands import publish
from semantic.support import SECRET, TOKENS

Row = dict[str, Any]
Count = Callable[[list[Row]], float]


def total(rows: list[Row], name: str) -> float:
    return float(sum(row[name] or 0 for row in rows))


def count_of(is_counted: Callable[[Row], bool]) -> Count:
    return lambda rows: float(sum(1 for row in rows if is_counted(row)))


MEASURES: dict[str, tuple[str, dict[str, Count]]] = {
    "alerts": (
        "fct_alerts",
        {
            "alerts_opened": lambda rows: float(len(rows)),
            "open_alerts": count_of(lambda row: row["closed_on"] is None),
            "red_alerts": count_of(
                lambda row: (
                    row["closed_on"] is None
                    and row["colour"] == "red"
                    and row["classification"] in ("business", "uncertain")
                )
            ),
            "data_alerts": count_of(
                lambda row: row["closed_on"] is None and row["classification"] == "data"
            ),
            "acknowledged_alerts": count_of(
                lambda row: row["closed_on"] is None and row["decided_by"] is not None
            ),
            "alert_stories": count_of(lambda row: row["rank_in_group"] == 1),
            "yuan_at_stake": lambda rows: total(rows, "story_yuan_at_stake"),
            "median_days_open": lambda rows: float(median(row["days_open"] for row in rows)),
        },
    ),
    "alert_causes": (
        "fct_alert_causes",
        {
            "probable_causes": lambda rows: float(len(rows)),
            "tested_causes": count_of(lambda row: row["tested_value"] is not None),
            "supported_causes": count_of(
                lambda row: (
                    row["tested_value"] is not None
                    and (row["tested_value"] - row["tested_threshold"])
                    * (1 if row["supported_when"] == "above" else -1)
                    >= 0
                )
            ),
        },
    ),
    "alert_actions": (
        "fct_alert_actions",
        {"proposed_actions": lambda rows: float(len(rows))},
    ),
}
GROUPS = ("rule_id", "scope_kind", "region_name", "is_open")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, company: Company) -> Iterator[ServerHandle]:
    home = Home(tmp_path_factory.mktemp("served"))
    database = home.root / "decided.duckdb"
    shutil.copy(company.database, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update marts.fct_alerts set status = 'acknowledged', decided_by = 'Zhang' "
            "where is_open and rule_id = 'A9_visits'"
        )
    publish(home, "v1", database)
    semantic_dir = Settings().project_dir / "semantic"
    install(semantic_dir)
    with start_server(home.root, 0, SECRET, semantic_dir=semantic_dir) as handle:
        yield handle


@pytest.fixture(scope="module")
def rows_of(company: Company) -> Callable[[str], list[Row]]:
    def read(table: str) -> list[Row]:
        with duckdb.connect(str(company.database), read_only=True) as connection:
            result = connection.execute(f"from marts.{table}")
            names = [column[0] for column in result.description]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        for row in rows:
            if table == "fct_alerts" and row["is_open"] and row["rule_id"] == "A9_visits":
                row["decided_by"] = "Zhang"
        return rows

    return read


@pytest.mark.parametrize("view", MEASURES)
@pytest.mark.parametrize("group", [None, *GROUPS])
def test_measures_equal_the_rows(
    served: ServerHandle, rows_of: Callable[[str], list[Row]], view: str, group: str | None
) -> None:
    table, measures = MEASURES[view]
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows_of(table):
        groups[_text(row[group]) if group else "all"].append(row)
    question: dict[str, Any] = {
        "measures": [f"{view}.{name}" for name in measures],
        "dimensions": [f"{view}.{group}"] if group else [],
        "limit": 50000,
    }
    answer = query(served.url, TOKENS["engineer"], question).rows
    shown = {
        _text(row[f"{view}.{group}"]) if group else "all": {
            name: float(row[f"{view}.{name}"] or 0) for name in measures
        }
        for row in answer
    }
    expected = {
        key: {name: pytest.approx(count(rows)) for name, count in measures.items()}
        for key, rows in groups.items()
    }
    assert shown == expected


def test_a_store_sees_its_own_alerts(served: ServerHandle) -> None:
    question = {"dimensions": ["alerts.store_key"], "measures": ["alerts.alerts_opened"]}
    rows = query(served.url, TOKENS["store_manager"], question).rows
    assert rows == []


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
