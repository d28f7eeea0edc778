"""Quoting of names and values that have to be written into SQL text."""

from collections.abc import Iterable
from pathlib import Path


def literal(value: str | Path) -> str:
    """Write a text as a SQL string literal."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """Write a name as a quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal_list(values: Iterable[str | Path]) -> str:
    """Write texts as a bracketed SQL list."""
    return "[" + ", ".join(literal(value) for value in values) + "]"
