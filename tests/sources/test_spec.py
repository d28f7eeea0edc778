"""A connector file that is wrong is refused with file, key and what to write instead."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from aftersales.connectors.load import load_connector, load_connectors
from aftersales.contract import load_contract
from aftersales.errors import AftersalesError
from aftersales.settings import Settings

PROJECT = Settings().project_dir
GOOD: dict[str, Any] = {
    "kind": "postgresql",
    "owner": "it",
    "connection": {
        "host": "h",
        "database": "d",
        "user_env": "DMS_USER",
        "password_env": "DMS_PASSWORD",
    },
    "tables": [{"from": "bays", "feeds": "dms.bays", "keys": ["bay_id"]}],
}


def message(folder: Path, document: Any, name: str = "dms.yml") -> str:
    path = folder / name
    path.write_text(document if isinstance(document, str) else yaml.safe_dump(document))
    with pytest.raises(AftersalesError) as caught:
        load_connector(path, load_contract(PROJECT))
    assert str(path) in str(caught.value)
    return str(caught.value)


def changed(**changes: Any) -> dict[str, Any]:
    return {**GOOD, **changes}


def with_table(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "tables": [{**GOOD["tables"][0], **changes}]}


CASES: list[tuple[Any, list[str]]] = [
    ("kind: [", ["not valid YAML"]),
    ("just words", ["holds no keys", "write kind"]),
    (changed(kind="oracle"), ["kind", "'oracle' is not one of", "write one of these"]),
    (changed(colour="red"), ["colour", "known keys here are", "owner"]),
    ({k: v for k, v in GOOD.items() if k != "owner"}, ["'owner' is a required property", "add it"]),
    (changed(time_zone="Mars/Phobos"), ["time_zone", "no IANA time zone", "Asia/Shanghai"]),
    (changed(connection={"host": "h"}), ["connection", "needs database"]),
    (changed(kind="csv"), ["connection", "needs folder"]),
    (with_table(feeds="dms.nothing"), ["tables[0].feeds", "no raw table dms.nothing", "dms.bays"]),
    (with_table(keys=["nope"]), ["tables[0].keys", "has no column nope", "bay_id"]),
    (with_table(columns={"nope": "x"}), ["tables[0].columns", "has no column nope"]),
    (with_table(cursor={"column": "bay_type"}), ["tables[0].cursor.column", "is a string"]),
    (with_table(cursor={"column": "updated_at", "overlap": "soon"}), ["tables[0].cursor.overlap"]),
    (
        {**GOOD, "tables": [{"from": "x", "feeds": "dms.bays", "deletes": "key_snapshot"}]},
        ["tables[0].deletes", "add keys"],
    ),
    (
        {
            **GOOD,
            "tables": [{"from": "x", "feeds": "dms.bays", "cursor": {"column": "updated_at"}}],
        },
        ["tables[0].cursor", "add keys"],
    ),
    (with_table(columns={"bay_type": {"unit": "斤"}}), ["tables[0].columns.bay_type"]),
]


@pytest.mark.parametrize(("document", "parts"), CASES)
def test_what_is_wrong_is_said(tmp_path: Path, document: Any, parts: list[str]) -> None:
    said = message(tmp_path, document)
    assert all(part in said for part in parts), said


@pytest.mark.parametrize(
    "connection",
    [
        {**GOOD["connection"], "password": "hunter2"},
        {"host": "h", "database": "d", "user": "hunter2"},
        {"url": "https://me:hunter2@example.org/"},
    ],
)
def test_a_credential_in_the_file_is_refused_and_not_repeated(
    tmp_path: Path, connection: dict[str, str]
) -> None:
    said = message(tmp_path, changed(connection=connection))
    assert "holds a credential" in said and "_env" in said
    assert "hunter2" not in said


def test_the_file_name_is_the_name(tmp_path: Path) -> None:
    assert "names the connector" in message(tmp_path, GOOD, "DMS Nord.yml")


def test_files_stay_below_their_folder(tmp_path: Path) -> None:
    document = {
        "kind": "csv",
        "owner": "it",
        "connection": {"folder": "."},
        "tables": [{"files": "../*.csv", "feeds": "dms.bays"}],
    }
    assert "leads out of the folder" in message(tmp_path, document)


def test_the_examples_are_valid() -> None:
    found = load_connectors(PROJECT / "connectors" / "examples", load_contract(PROJECT))
    kinds = {one.kind for one in found}
    assert kinds == {
        "postgresql", "mysql", "sqlite", "duckdb", "parquet", "csv", "excel", "jsonl", "http",
    }  # fmt: skip
