"""The answer key: the truth about the demo company, kept outside landing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from aftersales.demo import engine, horizon
from aftersales.demo.horizon import Extract

ANSWERS = ("defects", "persons", "comeback_causes", "churn_causes")
OPTIONS = "format parquet, compression snappy"


def note_world_defects(connection: duckdb.DuckDBPyConnection, extract: Extract) -> None:
    """Write down what a whole store did not send in the days of an extract."""
    connection.execute(
        engine.sql_text("answers/missing_days.sql"),
        {"extract": extract.name, "from_day": horizon.day_number(extract.from_on)},
    )


def write_answer_key(connection: duckdb.DuckDBPyConnection, folder: Path, last: date) -> None:
    """Write the answer key as of the end of the day `last`."""
    folder.mkdir(parents=True, exist_ok=True)
    engine.set_variables(connection, until_s=(horizon.day_number(last) + 1) * 86400)
    for name in ANSWERS:
        query = engine.sql_text(f"answers/{name}.sql")
        connection.execute(f"copy ({query}) to '{folder / name}.parquet' ({OPTIONS})")
