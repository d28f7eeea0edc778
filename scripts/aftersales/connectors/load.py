"""Reading and checking the connector files of a folder."""

import hashlib
import json
import re
from collections.abc import Hashable
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import yaml

from aftersales.connectors.codes import Fail, map_path
from aftersales.connectors.columns import check_columns, check_only, columns_of, each_of, only_of
from aftersales.connectors.queries import check_query, query_of
from aftersales.connectors.spec import (
    DATABASE_KINDS,
    DELETES_LIMIT_PERCENT,
    FILE_KINDS,
    SERVER_KINDS,
    Connector,
    Cursor,
    Pages,
    TableSpec,
)
from aftersales.contract import RawTable
from aftersales.errors import AftersalesError

_SCHEMA = Path(__file__).parent / "schema.json"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_SECRET_WORDS = ("password", "passwd", "token", "secret", "user", "username", "api_key", "dsn")
_CREDENTIALS_IN_URL = re.compile(r"://[^/\s]*@")

Contract = dict[tuple[str, str], RawTable]


def has_connectors(folder: Path) -> bool:
    """Whether any source is declared."""
    return bool(_files(folder))


def _files(folder: Path) -> list[Path]:
    return sorted([*folder.glob("[!._]*.yml"), *folder.glob("[!._]*.yaml")])


def load_connectors(folder: Path, contract: Contract) -> list[Connector]:
    """Read every connector file of a folder, by name; an absent folder has none."""
    connectors = [load_connector(path, contract) for path in _files(folder)]
    names = [connector.name for connector in connectors]
    for connector in connectors:
        if names.count(connector.name) > 1:
            raise AftersalesError(
                f"{connector.path}: another file declares the connector {connector.name} too: "
                "give each its own file name."
            )
    return connectors


def check_document(path: Path, document: Any, contract: Contract) -> None:
    """Check what is to be written as a connector file before it is."""
    _Checker(path, contract).check(document)


def find_connector(folder: Path, name: str, contract: Contract) -> Connector:
    """Read the connector of a name."""
    for path in _files(folder):
        if path.stem == name:
            return load_connector(path, contract)
    known = ", ".join(path.stem for path in _files(folder)) or "none"
    raise AftersalesError(f"There is no connector {name} in {folder}: it has {known}.")


def load_connector(path: Path, contract: Contract, text: str | None = None) -> Connector:
    """Read and check one connector file; `text` stands for its content where it is given."""
    text = path.read_text(encoding="utf-8") if text is None else text
    try:
        document = yaml.load(text, _UniqueKeyLoader)
    except yaml.YAMLError as error:
        raise AftersalesError(
            f"{path} is not valid YAML ({' '.join(str(error).split())}): correct that line."
        ) from error
    checker = _Checker(path, contract)
    checker.check(document)
    return _connector(path, document, contract, _fingerprint(path, text, document), checker.fail)


class _UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key that stands twice in one mapping: of two maps of a code one would be lost."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if isinstance(key, Hashable) and key in seen:
                raise yaml.YAMLError(
                    f"the key {key} stands twice, in lines {seen[key]} and {line}; keep one"
                )
            if isinstance(key, Hashable):
                seen[key] = line
        return super().construct_mapping(node, deep)


def _fingerprint(path: Path, text: str, document: dict[str, Any]) -> str:
    """A hash of the file and of the maps it names."""
    digest = hashlib.sha256(text.encode())
    for table in document["tables"]:
        for column in table.get("columns", {}).values():
            values = column.get("values") if isinstance(column, dict) else None
            file = map_path(path.parent, values)
            digest.update(b"" if file is None else file.read_bytes())
    return digest.hexdigest()


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(_SCHEMA.read_text(encoding="utf-8")))


class _Checker:
    """Says what is wrong with a file: which key, what is wrong, what to write instead."""

    def __init__(self, path: Path, contract: Contract) -> None:
        self._path = path
        self._contract = contract

    def check(self, document: Any) -> None:
        if not isinstance(document, dict):
            self.fail("the file", "holds no keys", "write kind, owner, connection and tables")
        if not _NAME.fullmatch(self._path.stem):
            self.fail(
                "the file's name", "names the connector", "use small letters, digits and _ only"
            )
        self._check_credentials(document, ())
        self._check_shape(document)
        self._check_connection(document)
        self._check_zone(document.get("time_zone"), "time_zone")
        for position, table in enumerate(document["tables"]):
            self._check_table(document, table, f"tables[{position}]")
        check_only(document["tables"], self.fail)

    def fail(self, key: str, problem: str, advice: str) -> NoReturn:
        """Refuse the file."""
        raise AftersalesError(f"{self._path}: {key}: {problem}: {advice}.")

    def _check_credentials(self, value: Any, keys: tuple[str, ...]) -> None:
        """Refuse a credential written into the file; its value is never repeated."""
        if isinstance(value, dict):
            for name, inner in value.items():
                self._check_credentials(inner, (*keys, str(name)))
        elif isinstance(value, list):
            for position, inner in enumerate(value):
                self._check_credentials(inner, (*keys, str(position)))
        elif isinstance(value, str):
            is_secret = keys[:1] == ("connection",) and keys[-1].lower() in _SECRET_WORDS
            if is_secret or _CREDENTIALS_IN_URL.search(value):
                self.fail(
                    ".".join(keys),
                    "holds a credential",
                    "put it into an environment variable and name that with user_env, "
                    "password_env, token_env or url_env; then change the credential, since it has "
                    "stood in a file",
                )

    def _check_shape(self, document: dict[str, Any]) -> None:
        from jsonschema.exceptions import best_match

        errors = list(_validator().iter_errors(document))
        # What else a file needs depends on its kind: an unknown one is told first.
        of_kind = [error for error in errors if list(error.absolute_path) == ["kind"]]
        error = best_match(of_kind or errors)
        if error is None:
            return
        keys = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.absolute_path
        ).lstrip(".")
        problem, advice = error.message, "see docs/sources.md for what may stand there"
        if error.validator == "additionalProperties":
            known = ", ".join(sorted(error.schema.get("properties", {})))
            advice = f"known keys here are {known}"
        elif error.validator == "enum":
            advice = "write one of these"
        elif error.validator == "required":
            advice = "add it"
        self.fail(keys or "top level", problem, advice)

    def _check_connection(self, document: dict[str, Any]) -> None:
        kind, connection = document["kind"], document["connection"]
        needed: list[tuple[str, ...]] = []
        if kind in SERVER_KINDS:
            needed = [("host", "host_env"), ("database",), ("user_env",)]
        elif kind in DATABASE_KINDS:
            needed = [("path",)]
        elif kind in FILE_KINDS:
            needed = [("folder",)]
        elif kind == "http":
            needed = [("url", "url_env")]
        for choices in needed:
            if not any(name in connection for name in choices):
                self.fail("connection", f"kind {kind} needs {' or '.join(choices)}", "add it")

    def _check_zone(self, zone: str | None, key: str) -> None:
        if zone is None:
            return
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            self.fail(key, f"'{zone}' is no IANA time zone", "write for instance Asia/Shanghai")

    def _check_table(self, document: dict[str, Any], table: dict[str, Any], key: str) -> None:
        system, name = _raw_name(document, table)
        raw = self._contract.get((system, name))
        if raw is None:
            known = ", ".join(f"{one}.{other}" for one, other in sorted(self._contract))
            self.fail(f"{key}.feeds", f"there is no raw table {system}.{name}", f"take {known}")
            return
        is_file = document["kind"] in FILE_KINDS
        if is_file and "files" not in table:
            self.fail(key, "files are read by pattern", 'add files, such as "*.csv"')
        if not is_file and "from" not in table:
            self.fail(key, "nothing says what to read", "add from, the table or address")
        if table.get("deletes") == "key_snapshot" and "keys" not in table:
            self.fail(f"{key}.deletes", "keys cannot be compared without any", "add keys")
        if "cursor" in table and "keys" not in table:
            self.fail(
                f"{key}.cursor", "rows read twice are told by their keys", "add keys to the table"
            )
        if table.get("deletes") == "key_snapshot" and document["kind"] not in DATABASE_KINDS:
            self.fail(
                f"{key}.deletes", f"kind {document['kind']} cannot list its keys", "leave it out"
            )
        for named, place in self._named_columns(table):
            if named not in raw.columns:
                self.fail(
                    f"{key}.{place}",
                    f"{system}.{name} has no column {named}",
                    f"take {', '.join(raw.columns)}",
                )
        cursor = table.get("cursor", {}).get("column")
        if cursor and raw.columns[cursor] not in {"timestamp", "date", "integer"}:
            self.fail(
                f"{key}.cursor.column",
                f"{cursor} is a {raw.columns[cursor]}",
                "take a column of time, date or whole number",
            )
        if ".." in Path(table.get("files", "")).parts or table.get("files", "").startswith("/"):
            self.fail(f"{key}.files", "leads out of the folder", "name files below the folder")
        check_columns(self._path.parent, table, raw, key, self.fail)
        self._check_look_ups(document["kind"], table, key)
        check_query(document["kind"], table, key, self.fail)
        for named, column in table.get("columns", {}).items():
            if isinstance(column, dict):
                self._check_zone(column.get("time_zone"), f"{key}.columns.{named}.time_zone")

    def _check_look_ups(self, kind: str, table: dict[str, Any], key: str) -> None:
        if kind in DATABASE_KINDS:
            return
        for name, column in table.get("columns", {}).items():
            if isinstance(column, dict) and "look_up" in column:
                self.fail(
                    f"{key}.columns.{name}.look_up",
                    f"kind {kind} has no other tables to look into",
                    "leave it out",
                )

    @staticmethod
    def _named_columns(table: dict[str, Any]) -> list[tuple[str, str]]:
        named = [(name, "keys") for name in table.get("keys", [])]
        named += [(name, "columns") for name in table.get("columns", {})]
        if "cursor" in table:
            named.append((table["cursor"]["column"], "cursor.column"))
        return named


def _raw_name(document: dict[str, Any], table: dict[str, Any]) -> tuple[str, str]:
    system, _, name = table["feeds"].rpartition(".")
    return system or document.get("system", ""), name


def _connector(
    path: Path, document: dict[str, Any], contract: Contract, sha256: str, fail: Fail
) -> Connector:
    values = {
        name: document[name]
        for name in (
            "time_zone", "schema_policy", "expected_hours", "encoding", "delimiter", "quote"
        )
        if name in document
    }  # fmt: skip
    tables = tuple(
        _table(path.parent, document["tables"], number, contract[_raw_name(document, table)], fail)
        for number, table in enumerate(document["tables"])
    )
    return Connector(
        name=path.stem,
        path=path,
        kind=document["kind"],
        owner=document["owner"],
        connection=document["connection"],
        tables=tables,
        sha256=sha256,
        **values,
    )


def _table(
    folder: Path, tables: list[dict[str, Any]], number: int, raw: RawTable, fail: Fail
) -> TableSpec:
    table = tables[number]
    return TableSpec(
        source=table.get("from") or table["files"],
        feeds=raw,
        columns=columns_of(folder, table, f"tables[{number}]", fail),
        keys=tuple(table.get("keys", ())),
        cursor=Cursor(**table["cursor"]) if "cursor" in table else None,
        notices_deletes=table.get("deletes") == "key_snapshot",
        deletes_limit_percent=table.get("deletes_limit_percent", DELETES_LIMIT_PERCENT),
        files=table.get("files"),
        sheet=table.get("sheet"),
        header_row=table.get("header_row"),
        header_rows=table.get("header_rows", 1),
        records=table.get("records"),
        cursor_parameter=table.get("cursor_parameter"),
        parameters={name: str(one) for name, one in table.get("parameters", {}).items()},
        pages=Pages(**table.get("pages", {})),
        each=each_of(table),
        only=only_of(tables, number),
        note=table.get("note", ""),
        query=query_of(table),
    )
