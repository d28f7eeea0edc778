"""What `connect check` looked at and what it found."""

from dataclasses import dataclass, field
from pathlib import Path

from aftersales.connectors.mapping import BAD_COLUMN
from aftersales.connectors.spec import TableSpec


@dataclass(frozen=True)
class Finding:
    """Something to know about the mapping, as one sentence with what to do."""

    sentence: str
    is_error: bool


@dataclass(frozen=True)
class Checked:
    """One table of the sample: `mapped_<number>` of the engine holds what would land."""

    number: int
    source: str
    spec: TableSpec
    rows: int
    rejected: int
    is_whole: bool

    @property
    def raw(self) -> str:
        """The raw table fed."""
        return f"{self.spec.feeds.system}.{self.spec.feeds.name}"

    @property
    def relation(self) -> str:
        """The rows that would land."""
        return f"(select * from mapped_{self.number} where {BAD_COLUMN} is null)"


@dataclass
class Report:
    """What `connect check` found."""

    path: Path
    tables: list[Checked] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)

    @property
    def errors(self) -> list[Finding]:
        """What has to be corrected before anything is loaded."""
        return [one for one in self.findings if one.is_error]

    def error(self, sentence: str) -> None:
        """Note something that would be lost or false."""
        self.findings.append(Finding(sentence, True))

    def warn(self, sentence: str) -> None:
        """Note something to look at."""
        self.findings.append(Finding(sentence, False))
