"""Files of what people decided: one JSON object a line, numbered, only ever appended to."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aftersales.sql import identifier, literal


def append_decisions(path: Path, make: Callable[[int], list[dict[str, Any]]]) -> None:
    """Append what `make` gives when told the number of the first new line.

    Readers see whole lines: they are written in one call, under a lock among writers.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        decisions = make(1 + len(path.read_bytes().splitlines()))
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in decisions)
        stream.write(lines.encode("utf-8"))
        stream.flush()
        os.fsync(stream.fileno())


def decisions_select(path: Path, columns: dict[str, str]) -> str:
    """A SELECT over the file, with these columns and DuckDB types; no rows when it is not there."""
    if not path.is_file():
        nulls = [f"cast(null as {kind}) as {name}" for name, kind in columns.items()]
        return f"select {', '.join(nulls)} where false"
    typed = ", ".join(f"{identifier(name)}: '{kind}'" for name, kind in columns.items())
    return (
        f"select * from read_json({literal(path.resolve())}, "
        f"format = 'newline_delimited', columns = {{{typed}}})"
    )
