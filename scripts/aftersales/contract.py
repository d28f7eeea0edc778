"""The raw contract: the tables and columns each system delivers, read from dbt's sources."""

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from aftersales.errors import AftersalesError

LANDING_SCHEMA = "landing"
CONTROL_SOURCE = "control"
LINEAGE_COLUMNS = {
    "_source_file": "varchar",
    "_row_number": "bigint",
    "_batch_id": "varchar",
    "_loaded_at": "timestamp",
}
_DUCKDB_TYPES = {
    "string": "varchar",
    "integer": "bigint",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
_NUMERIC = re.compile(r"numeric\(\d+, ?\d+\)")


def duckdb_type(data_type: str) -> str:
    """Translate a portable contract type into DuckDB's word."""
    if data_type in _DUCKDB_TYPES:
        return _DUCKDB_TYPES[data_type]
    if _NUMERIC.fullmatch(data_type):
        return data_type.replace("numeric", "decimal")
    raise AftersalesError(f"'{data_type}' is not a type of the raw contract: use a portable type.")


@dataclass(frozen=True)
class RawTable:
    """A table as its source system promises it: column name to portable type."""

    system: str
    name: str
    columns: dict[str, str]
    is_text: bool = False

    @property
    def landing_name(self) -> str:
        """The name dbt's source reads inside the landing schema."""
        return f"{self.system}__{self.name}"

    def column_type(self, column: str) -> str:
        """The DuckDB type a column has when nothing landed: files of text stay text."""
        return "varchar" if self.is_text else duckdb_type(self.columns[column])


def load_contract(project_dir: Path) -> dict[tuple[str, str], RawTable]:
    """Read the raw tables of every system, keyed by system and table name."""
    tables: dict[tuple[str, str], RawTable] = {}
    for path in sorted((project_dir / "models" / "staging").glob("*/_*__sources.yml")):
        try:
            document = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise AftersalesError(
                f"{path} is not valid YAML: {' '.join(str(error).split())}."
            ) from (error)
        for source in document.get("sources", []):
            if source.get("schema") != LANDING_SCHEMA or source["name"] == CONTROL_SOURCE:
                continue
            is_text = source.get("config", {}).get("meta", {}).get("file_format") == "csv"
            for table in source["tables"]:
                columns = {column["name"]: column["data_type"] for column in table["columns"]}
                raw = RawTable(source["name"], table["name"], columns, is_text)
                tables[raw.system, raw.name] = raw
    if not tables:
        raise AftersalesError(f"No raw contract found under {project_dir}/models/staging.")
    return tables
