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


def with_column(**declared: Any) -> dict[str, Any]:
    return with_table(columns={"bay_type": {"from": "lx", **declared}})


EACH: dict[str, Any] = {
    **GOOD["tables"][0],
    "each": {"column": "bay_type", "into": "installed_on", "values": {"a": "x", "b": "y"}},
}


def with_each(**declared: Any) -> dict[str, Any]:
    return {**GOOD, "tables": [{**EACH, "each": {**EACH["each"], **declared}}]}


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
    (
        with_column(vales={"1": "body"}),
        ["columns.bay_type", "'vales'", "known keys here are", "values"],
    ),
    (
        with_column(values={1: "body"}),
        ["bay_type.values", "the code 1 for a int", 'quotes, as in "1"'],
    ),
    (with_column(values={True: "body"}), ["bay_type.values", "the code True for a bool"]),
    (with_column(values={"1": "body", " 1": "paint"}), ["code 1 stands there twice", "keep one"]),
    (with_column(values="maps/none.csv"), ["bay_type.values", "there is no file", "source_value,"]),
    (with_column(values="../x.csv"), ["leads out of the folder"]),
    (with_column(values="maps.txt"), ["tables[0].columns.bay_type.values"]),
    (with_column(otherwise="keep"), ["bay_type.otherwise", "add values"]),
    (
        with_column(values={"1": "a"}, otherwise="drop"),
        ["bay_type.otherwise", "write one of these"],
    ),
    (with_column(join=" "), ["bay_type.join", "list several in from"]),
    (with_table(columns={"bay_type": {"constant": "x", "unit": "元"}}), ["contradict each other"]),
    (with_table(columns={"bay_type": {"absent": True, "from": "x"}}), ["contradict each other"]),
    (with_each(column="nope"), ["tables[0].each", "has no column nope", "bay_type"]),
    (with_each(into=["installed_on", "updated_at"]), ["each.values.a", "1 columns for 2 of into"]),
    (with_each(into="bay_type"), ["each.into", "twice"]),
    (with_each(values={1: "x"}), ["each.values", "quotes"]),
    (
        {**GOOD, "tables": [{**EACH, "columns": {"bay_type": "lx"}}]},
        ["columns.bay_type", "each fills this column"],
    ),
    (with_table(only={"a": "1", "b": "2"}), ["tables[0].only"]),
    (
        {**GOOD, "tables": [{**GOOD["tables"][0], "only": {name: "1"}} for name in "ab"]},
        ["tables[1].only", "parted by a", "take a"],
    ),
    (with_table(query="delete from bays"), ["tables[0].query", "select or with", "only reads"]),
    (with_table(query="select 1; drop table bays;"), ["tables[0].query", "more than one"]),
    (with_table(query="select 1 -- all"), ["tables[0].query", "a comment", "note"]),
    (
        {**GOOD, "kind": "duckdb", "connection": {"path": "x"}}
        | {"tables": [{**GOOD["tables"][0], "query": "select 1"}]},
        ["tables[0].query", "kind duckdb takes no query", "add a view"],
    ),
    (
        "kind: sqlite\nowner: it\nconnection: {path: x}\ntables:\n- from: t\n  feeds: dms.bays\n"
        "  columns:\n    bay_type:\n      from: lx\n      values:\n"
        "        '1': a\n        '1': b\n",
        ["the key 1 stands twice, in lines 11 and 12"],
    ),
]
MAPS = [
    ("code,value\n1,a\n", ["does not begin with the right header", "source_value,contract_value"]),
    ("source_value,contract_value,note\n1,a,\n2,b,\n 1,c,\n", ["source_value 1 twice", "2 and 4"]),
    ("source_value,contract_value,note\n", ["has no code", "one line for each code"]),
    ("source_value,contract_value,note\n1,a,b,c\n", ["line 2", "in quotes"]),
    ("source_value,contract_value,note\n1\n", ["line 2", "three values"]),
]


@pytest.mark.parametrize(("document", "parts"), CASES)
def test_what_is_wrong_is_said(tmp_path: Path, document: Any, parts: list[str]) -> None:
    said = message(tmp_path, document)
    assert all(part in said for part in parts), said


@pytest.mark.parametrize(("text", "parts"), MAPS)
def test_what_is_wrong_with_a_map_is_said(tmp_path: Path, text: str, parts: list[str]) -> None:
    (tmp_path / "map.csv").write_text(text)
    said = message(tmp_path, with_column(values="map.csv"))
    assert all(part in said for part in [*parts, "map.csv", "bay_type.values"]), said


def test_a_changed_map_is_a_changed_connector(tmp_path: Path) -> None:
    path, file = tmp_path / "dms.yml", tmp_path / "map.csv"
    path.write_text(yaml.safe_dump(with_column(values="map.csv")))
    hashes = set()
    for value in "ab":
        file.write_text(f"source_value,contract_value,note\n1,{value},\n")
        hashes.add(load_connector(path, load_contract(PROJECT)).sha256)
    assert len(hashes) == 2


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
