"""What a reader hands on: rows of a source as they are, readable by DuckDB."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Extract:
    """Rows of one table, file or sheet: a relation, and where they came from."""

    name: str
    relation: str
    columns: dict[str, str]
    row_number: str
    rows_rejected: int = 0
    serial_epoch: str | None = None
    notes: list[str] = field(default_factory=list)
    utc_columns: frozenset[str] = frozenset()
    declared_types: dict[str, str] | None = None

    @property
    def known_types(self) -> dict[str, str]:
        """The types the source gives its columns, where they are not those that are read."""
        return self.columns if self.declared_types is None else self.declared_types

    def column(self, name: str) -> str | None:
        """The source's own spelling of a column, whatever the case; none when it is not there."""
        if name in self.columns:
            return name
        lowered = {one.lower(): one for one in self.columns}
        return lowered.get(name.lower())
