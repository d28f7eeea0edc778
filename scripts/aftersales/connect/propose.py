"""The proposal: which table feeds which, which column which, as one assignment of the whole."""

from dataclasses import dataclass, replace
from typing import Any

import duckdb
import numpy as np

from aftersales.connect.catalogue import FoundTable
from aftersales.connect.knowledge import Limits, sql_text
from aftersales.connect.reasons import Candidate, candidates_of, look_ups_of
from aftersales.contract import RawTable

Contract = dict[tuple[str, str], RawTable]
_FITS_BOTH = "? The values fit both"
_NO_REFERENCES = (
    "create or replace temporary table reference_scores (table_number integer, "
    "source_column varchar, column_name varchar, to_table integer, to_column varchar, score double)"
)


@dataclass(frozen=True)
class ColumnProposal:
    """What is proposed for a column of the contract: sure, open, or nothing found."""

    name: str
    best: Candidate | None
    others: tuple[Candidate, ...] = ()
    is_sure: bool = False
    doubt: str = ""


@dataclass(frozen=True)
class TableProposal:
    """A table of the source and the raw table it is taken to feed."""

    table: FoundTable
    raw: RawTable
    confidence: float
    columns: dict[str, ColumnProposal]


def propose(
    engine: duckdb.DuckDBPyConnection,
    tables: list[FoundTable],
    contract: Contract,
    limits: Limits,
) -> list[TableProposal]:
    """Match tables and columns, first by themselves, then once more knowing the references."""
    engine.execute(sql_text("evidence.sql"))
    engine.execute(_NO_REFERENCES)
    engine.execute(sql_text("pairs.sql"))
    matching = _match(engine, tables, contract, limits)
    _score_references(engine, matching)
    engine.execute(sql_text("pairs.sql"))
    return _describe(engine, _match(engine, tables, contract, limits), contract, limits)


@dataclass(frozen=True)
class _Match:
    table: FoundTable
    raw_table: str
    confidence: float
    columns: dict[str, str]


def _match(
    engine: duckdb.DuckDBPyConnection,
    tables: list[FoundTable],
    contract: Contract,
    limits: Limits,
) -> list[_Match]:
    raws = [f"{system}.{name}" for system, name in contract]
    scores = np.zeros((len(tables), len(raws)))
    columns: dict[tuple[int, int], dict[str, str]] = {}
    by_name = {
        (number, raw): float(score)
        for number, raw, score in engine.execute(
            "select table_number, raw_table, score from table_names"
        ).fetchall()
    }
    grids = _grids(engine)
    for (row, table), (column, raw) in (
        (one, other) for one in enumerate(tables) for other in enumerate(raws)
    ):
        grid = grids.get((table.number, raw))
        if grid is None:
            continue
        assigned, fit = _assign(grid, limits["open_confidence"])
        columns[row, column] = assigned
        share = limits["table_by_name"]
        scores[row, column] = share * by_name.get((table.number, raw), 0.0) + (1 - share) * fit
    return [
        _Match(tables[row], raws[column], float(scores[row, column]), columns[row, column])
        for row, column in _best_assignment(scores)
        if scores[row, column] >= limits["table_confidence"]
    ]


@dataclass(frozen=True)
class _Grid:
    """How sure each pair of columns of two tables is; what the contract's columns weigh."""

    sources: list[str]
    wanted: list[str]
    confidence: Any
    weights: Any
    total_weight: float


def _grids(engine: duckdb.DuckDBPyConnection) -> dict[tuple[int, str], _Grid]:
    """The grids of all pairs of tables, from one answer of the engine."""
    # A key weighs more: a table whose records cannot be named is no such table.
    weights = {
        raw: (dict(zip(names, each, strict=True)), float(sum(each)))
        for raw, names, each in engine.execute(
            "select raw_table, list(column_name order by position), "
            "list(case when is_key then 3.0 when code_list is not null or shape is not null "
            "then 1.5 when column_name in ('created_at', 'updated_at') then 0.25 else 1.0 end "
            "order by position) from facts group by all"
        ).fetchall()
    }
    found = engine.execute(
        "select table_number, raw_table, list(source_column order by all_order), "
        "list(column_name order by all_order), list(confidence order by all_order) from ("
        "select *, row_number() over (order by source_column, column_name) as all_order from pairs"
        ") group by all"
    ).fetchall()
    grids = {}
    for number, raw, sources, wanted, confidence in found:
        rows, columns = sorted(set(sources)), sorted(set(wanted))
        grid = np.zeros((len(rows), len(columns)))
        grid[np.searchsorted(rows, sources), np.searchsorted(columns, wanted)] = confidence
        each, total = weights[raw]
        grids[number, raw] = _Grid(
            rows, columns, grid, np.array([each[name] for name in columns], dtype=float), total
        )
    return grids


def _assign(grid: _Grid, least: float) -> tuple[dict[str, str], float]:
    """Each column at most once, so that the sum of confidence is the largest possible."""
    pairs = [
        (row, column)
        for row, column in _best_assignment(grid.confidence)
        if grid.confidence[row, column] >= least
    ]
    if not pairs:
        return {}, 0.0
    rows, columns = (np.array(each) for each in zip(*pairs, strict=True))
    fit = float((grid.confidence[rows, columns] * grid.weights[columns]).sum()) / grid.total_weight
    return {grid.wanted[column]: grid.sources[row] for row, column in pairs}, fit


def _best_assignment(scores: Any) -> list[tuple[int, int]]:
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(scores, maximize=True)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def _score_references(engine: duckdb.DuckDBPyConnection, matching: list[_Match]) -> None:
    """A column that holds keys of a recognised table is that table's key in the contract."""
    engine.execute(
        "create or replace temporary table recognised "
        "(table_number integer, raw_table varchar, source_column varchar, column_name varchar)"
    )
    rows = [
        (match.table.number, match.raw_table, source, column)
        for match in matching
        for column, source in match.columns.items()
    ]
    if not rows:
        return
    engine.executemany("insert into recognised values (?, ?, ?, ?)", rows)
    engine.execute(sql_text("references.sql"))


def _describe(
    engine: duckdb.DuckDBPyConnection, matching: list[_Match], contract: Contract, limits: Limits
) -> list[TableProposal]:
    proposals = []
    look_ups = look_ups_of(engine)
    for match in matching:
        system, _, name = match.raw_table.partition(".")
        raw = contract[system, name]
        candidates = candidates_of(engine, match.table.number, match.raw_table, limits)
        columns = {
            column: _propose_column(column, match.columns, candidates.get(column, []), limits)
            for column in raw.columns
        }
        columns = _in_accord(columns)
        columns |= {
            column: ColumnProposal(column, found, is_sure=True)
            for column, found in look_ups.get(match.table.number, {}).items()
            if column in columns and _is_better(found, columns[column], match.table.number)
        }
        proposals.append(TableProposal(match.table, raw, match.confidence, columns))
    return sorted(proposals, key=lambda one: list(contract).index((one.raw.system, one.raw.name)))


def _in_accord(columns: dict[str, ColumnProposal]) -> dict[str, ColumnProposal]:
    """Amounts and times that say nothing of their unit or format take that of their neighbours."""
    found = [one.best for one in columns.values() if one.best is not None]
    units = {one.unit for one in found if one.shape == "money" and one.unit and not one.other_units}
    formats = {one.formats for one in found if one.is_time and not one.is_empty}
    return {name: _like_neighbours(one, units, formats) for name, one in columns.items()}


def _like_neighbours(
    proposal: ColumnProposal, units: set[str], formats: set[tuple[str, ...]]
) -> ColumnProposal:
    best = proposal.best
    if best is None:
        return proposal
    if best.shape == "money" and (best.unit is None or best.other_units) and units:
        if len(units) > 1:
            doubt = f"in which unit? The other amounts are in {' and '.join(sorted(units))}"
            return replace(proposal, is_sure=False, doubt=doubt)
        reasons = (*best.reasons, f"in {min(units)} like the other amounts")
        best = replace(best, unit=min(units), other_units=(), reasons=reasons)
        is_sure = proposal.is_sure or proposal.doubt.endswith(_FITS_BOTH)
        return replace(proposal, best=best, is_sure=is_sure)
    if best.is_time and best.is_empty and len(formats) == 1:
        return replace(proposal, best=replace(best, formats=next(iter(formats))))
    return proposal


def _is_better(found: Candidate, known: ColumnProposal, table_number: int) -> bool:
    """Whether to look a key up: it is not here, or what is here is the key of the other table."""
    if known.best is None or not known.is_sure:
        return True
    return found.look_up is not None and known.best.source_column == found.look_up[2]


def _propose_column(
    column: str, assigned: dict[str, str], candidates: list[Candidate], limits: Limits
) -> ColumnProposal:
    chosen = next((one for one in candidates if one.source_column == assigned.get(column)), None)
    taken = {source for other, source in assigned.items() if other != column}
    others = tuple(
        one for one in candidates if one is not chosen and one.source_column not in taken
    )[:3]
    if chosen is None:
        return ColumnProposal(column, None, others)
    doubt = ""
    if chosen.confidence < limits["map_confidence"]:
        doubt = "not sure enough"
    elif others and 1 - chosen.confidence > limits["close_call"] * (1 - others[0].confidence):
        doubt = f"{others[0].source_column} looks nearly as good"
    elif chosen.other_units:
        doubt = f"in {' or '.join(chosen.other_units)}{_FITS_BOTH}"
    elif len(chosen.formats) > 1:
        doubt = f"the values fit {' and '.join(chosen.formats)} alike: nobody can tell which"
    elif chosen.unknown_share > limits["rare_share"]:
        listed = ", ".join(value for value, _ in chosen.values if value not in chosen.codes)
        doubt = (
            f"nothing says what these codes mean: {listed}; the contract has "
            f"{', '.join(chosen.contract_codes)}"
        )
    return ColumnProposal(column, chosen, others, not doubt, doubt)
