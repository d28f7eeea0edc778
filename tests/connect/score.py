"""How good a proposal is, against a connector that a person wrote for the same source.

`python tests/connect/score.py NAME.yml` (with tests on the path) proposes for the source of a
connector and compares; the source must be readable.
"""

from dataclasses import dataclass, field
from pathlib import Path

from aftersales.connect.new import read_proposal
from aftersales.connect.propose import TableProposal
from aftersales.connect.reasons import Candidate
from aftersales.connect.write import Proposal
from aftersales.connectors.spec import UNIT_FACTORS, ColumnSpec, Connector, TableSpec
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


@dataclass
class Score:
    """Columns that have a counterpart in the source, by what became of them."""

    right: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    asked_right: list[str] = field(default_factory=list)
    asked_wrong: list[str] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    invented: list[str] = field(default_factory=list)

    @property
    def columns(self) -> int:
        return sum(
            map(len, (self.right, self.wrong, self.asked_right, self.asked_wrong, self.not_found))
        )

    @property
    def precision(self) -> float:
        """Of what was mapped without asking, the share that is right."""
        mapped = len(self.right) + len(self.wrong) + len(self.invented)
        return len(self.right) / mapped if mapped else 1.0

    @property
    def coverage(self) -> float:
        """Of the columns that have a counterpart, the share that was mapped right unasked."""
        return len(self.right) / self.columns if self.columns else 1.0

    @property
    def sentence(self) -> str:
        return (
            f"{self.columns} columns have a counterpart: {len(self.right)} mapped right, "
            f"{len(self.wrong)} mapped wrong, {len(self.asked_right)} left open with the right "
            f"proposal, {len(self.asked_wrong)} open with a wrong one, {len(self.not_found)} not "
            f"found; {len(self.invented)} mapped that have none. Precision "
            f"{self.precision:.3f}, coverage {self.coverage:.3f}."
        )


def score(proposal: Proposal, truth: Connector) -> Score:
    """Compare a proposal with the mapping a person wrote."""
    result = Score()
    for table in truth.tables:
        proposed = next(
            (one for one in proposal.tables if one.raw.name == table.feeds.name
             and one.raw.system == table.feeds.system), None
        )  # fmt: skip
        for name in table.feeds.columns:
            _compare(result, table, name, proposed)
    return result


def _compare(result: Score, table: TableSpec, name: str, proposed: TableProposal | None) -> None:
    spec = table.column_of(name)
    wanted = _wanted(table, name, spec)
    place = f"{table.feeds.name}.{name} = {wanted}"
    column = proposed.columns[name] if proposed is not None else None
    is_same_table = (
        proposed is not None
        and proposed.table.declared.get("from", proposed.table.declared.get("files"))
        == table.source
    )
    if wanted is None:
        if column is not None and column.is_sure and spec.constant is None:
            result.invented.append(f"{place} but {column.best and column.best.source_column}")
        return
    if column is None or column.best is None:
        result.not_found.append(place)
        return
    found = column.best.source_column.lower()
    is_right = is_same_table and found == wanted.lower()
    # What is left open may have codes that a person fills in; what is mapped must read them right.
    is_right = is_right and (not column.is_sure or _same_value(spec, column.best))
    kept = {
        (True, True): result.right,
        (True, False): result.wrong,
        (False, True): result.asked_right,
        (False, False): result.asked_wrong,
    }[column.is_sure, is_right]
    kept.append(place if is_right else f"{place} but {found}")


def _wanted(table: TableSpec, name: str, spec: ColumnSpec) -> str | None:
    """The column of the source that is right; of several joined ones the first."""
    if spec.look_up is not None:
        return spec.look_up.column
    if table.each is not None and name in table.each.columns:
        return None
    return spec.source


def _same_value(spec: ColumnSpec, best: Candidate) -> bool:
    """Whether a value would be read alike: in the same unit, by the same format, code for code."""
    if spec.factor != UNIT_FACTORS[best.unit or "元"]:
        return False
    is_by_year = all(one.startswith("%Y") for one in spec.formats)
    if best.formats != spec.formats and not (is_by_year and not best.formats):
        return False
    if spec.values is None:
        return True
    seen = dict(best.values)
    return all(
        best.codes.get(value, value) == meaning
        for value, meaning in spec.values.codes.items()
        if value in seen
    )


def propose_for(truth: Connector, home: Home) -> Proposal:
    """Propose for the source of a connector, as if nobody had written it."""
    blank = Connector(
        truth.name, truth.path, truth.kind, truth.owner, truth.connection, (),
        truth.time_zone, encoding=truth.encoding,
    )  # fmt: skip
    return read_proposal(home, Settings(), Progress(), blank)


def main() -> None:
    import sys
    import tempfile

    from aftersales.connectors.load import load_connector
    from aftersales.contract import load_contract

    truth = load_connector(Path(sys.argv[1]), load_contract(Settings().project_dir))
    with tempfile.TemporaryDirectory() as folder:
        result = score(propose_for(truth, Home(Path(folder))), truth)
    print(result.sentence)
    for title in ("wrong", "asked_wrong", "not_found", "invented", "asked_right"):
        print(f"{title}: {'; '.join(getattr(result, title))}")


if __name__ == "__main__":
    main()
