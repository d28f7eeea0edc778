"""Every column the model names exists in the contract of the public table it reads."""

import copy
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from aftersales.metrics.model import Document, Model
from aftersales.settings import Settings

COLUMN = re.compile(r"\{CUBE\}\.([a-z_0-9]+)")
MEMBER = re.compile(r"\{([a-z_0-9]+)\}(?!\.)")
OTHER = re.compile(r"\{([a-z_0-9]+)\}?\.([a-z_0-9]+)\}?")
# Tables that no dbt model makes: the audit writes them, and the server the version it serves.
MADE_ELSEWHERE = {
    "dq_rule_results": {
        "rule_id", "status", "rows_checked", "rows_failed", "failed_ratio", "engine", "message",
    },
    "dq_failing_rows": {
        "rule_id", "store_id", "business_on", "table_name", "row_key", "batch_id", "source_file",
        "row_number", "detail",
    },
    "published_version": {"version_id", "published_at", "as_of_on", "definition_version"},
}  # fmt: skip


@pytest.fixture(scope="module")
def columns() -> dict[str, set[str]]:
    """Columns of every public table, from the contracts."""
    models = Settings().project_dir / "models"
    found = dict(MADE_ELSEWHERE)
    for folder in ("marts", "quality"):
        for path in sorted((models / folder).rglob("*.yml")):
            found.update(columns_of(path))
    return found


def columns_of(path: Path) -> dict[str, set[str]]:
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {
        model["name"]: {column["name"] for column in model["columns"]}
        for model in document.get("models", [])
        if "columns" in model
    }


def table_of(cube: Document) -> str:
    return str(cube["sql_table"]).split(".")[1]


def fragments(member: Document) -> Iterator[str]:
    yield str(member.get("sql", ""))
    for part in member.get("filters", []):
        yield str(part["sql"])


class Reader:
    """Follows members to the columns they end in."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.seen: set[tuple[str, str]] = set()
        self.found: set[tuple[str, str]] = set()

    def follow(self, cube: str, name: str) -> None:
        if (cube, name) in self.seen:
            return
        self.seen.add((cube, name))
        members = {**self.model.members(cube, "dimensions"), **self.model.members(cube, "measures")}
        if name not in members:
            self.found.add((cube, name))
            return
        for text in fragments(members[name]):
            self.read(cube, text)

    def read(self, cube: str, text: str) -> None:
        self.found |= {(cube, column) for column in COLUMN.findall(text)}
        for name in MEMBER.findall(text):
            self.follow(cube, name)
        for other, name in OTHER.findall(text):
            if other in self.model.cubes:
                self.follow(other, name)


def unknown_columns(model: Model, columns: dict[str, set[str]]) -> list[str]:
    reader = Reader(model)
    for member in model.public_members():
        reader.follow(member.cube, member.name)
    for name, cube in model.cubes.items():
        joined: set[str] = set()
        if not cube["meta"].get("is_abstract"):
            for ancestor in model.ancestry(name):
                for join in model.cubes[ancestor].get("joins", []):
                    if join["name"] not in joined:
                        joined.add(join["name"])
                        reader.read(name, join["sql"])
    tables = {name: table_of(cube) for name, cube in model.cubes.items()}
    return sorted(
        f"{cube}: {tables[cube]} has no column {column}"
        for cube, column in reader.found
        if column not in columns.get(tables[cube], set())
    )


def test_every_column_exists(model: Model, columns: dict[str, set[str]]) -> None:
    assert unknown_columns(model, columns) == []


def test_every_cube_names_its_table(model: Model) -> None:
    for name, cube in model.cubes.items():
        named = cube["meta"].get("dbt_model") or cube["meta"].get("serving_table")
        assert named == table_of(cube), name


def test_a_missing_column_is_noticed(model: Model, columns: dict[str, set[str]]) -> None:
    broken = {**columns, "fct_surveys": columns["fct_surveys"] - {"csi_score"}}
    assert unknown_columns(model, broken) == ["surveys: fct_surveys has no column csi_score"]


def test_an_unbound_sum_is_noticed(model: Model, columns: dict[str, set[str]]) -> None:
    broken = copy.deepcopy(model)
    broken.views["bay_performance"]["cubes"][0]["includes"].append("csi")
    assert "bay_hours: fct_bay_hours has no column csi_score_sum" in unknown_columns(
        broken, columns
    )
