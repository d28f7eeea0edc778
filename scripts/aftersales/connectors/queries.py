"""A query in the place of a table: declared, checked, put to the source in its own language."""

import re
from typing import Any

from aftersales.connectors.codes import Fail
from aftersales.connectors.spec import QUERY_KINDS
from aftersales.sql import literal

_READS = re.compile(r"(select|with)\b", re.IGNORECASE)
_COMMENT = re.compile(r"--|/\*")
_FUNCTIONS = {
    "postgresql": "postgres_query",
    "mysql": "mysql_query",
    "mariadb": "mysql_query",
    "sqlite": "sqlite_query",
}


def query_of(table: dict[str, Any]) -> str | None:
    """The query of a table as it is put to the source."""
    query = table.get("query")
    return None if query is None else str(query).strip().removesuffix(";").rstrip()


def check_query(kind: str, table: dict[str, Any], key: str, fail: Fail) -> None:
    """Tell what is wrong with the query of a table."""
    query = query_of(table)
    if query is None:
        return
    place = f"{key}.query"
    if kind not in QUERY_KINDS:
        advice = "add a view to it and name that in from" if kind == "duckdb" else "leave it out"
        fail(place, f"kind {kind} takes no query", advice)
    if not _READS.match(query):
        fail(place, "it does not begin with select or with", "write one query that only reads")
    if ";" in query:
        fail(place, "it is more than one statement", "write one query that only reads, without ;")
    if _COMMENT.search(query):
        fail(place, "it has a comment", "say in note what people should know about it")


def asked(kind: str, alias: str, query: str, condition: str | None = None) -> str:
    """The relation of what an attached database answers, by a condition in its own language."""
    if condition is not None:
        query = f"select * from ({query}) as asked where {condition}"
    return f"{_FUNCTIONS[kind]}({literal(alias)}, {literal(query)})"
