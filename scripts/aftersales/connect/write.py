"""The connector file of a proposal: what is sure is mapped, what is not says so and waits."""

from dataclasses import dataclass
from typing import Any

import yaml

from aftersales.connect.catalogue import FoundTable
from aftersales.connect.propose import ColumnProposal, TableProposal
from aftersales.connect.reasons import Candidate
from aftersales.connectors.spec import Connector

_CURSOR = "updated_at"
_TIME_ZONE = "time_zone"
_WIDTH = 10_000
_UNKNOWN = "?"


@dataclass(frozen=True)
class Proposal:
    """Everything `connect new` found out about a source."""

    connector: Connector
    tables: list[TableProposal]
    unused: list[FoundTable]
    problems: list[str]
    keys: dict[str, tuple[str, ...]]
    needed: dict[str, frozenset[str]]
    most_tables: int


def declaration(proposal: ColumnProposal, *, is_needed: bool, zone: str) -> dict[str, Any]:
    """What the connector file says about one column of the contract."""
    best = proposal.best
    if best is None and proposal.name == _TIME_ZONE:
        return {"constant": zone, "note": "not in the source; the zone given to connect new"}
    if best is None:
        return _nothing(proposal, is_needed)
    declared = _made_of(best)
    note = f"confidence {best.confidence:.2f}: {'; '.join(best.reasons)}"
    if proposal.is_sure:
        return {**declared, "note": note}
    also = "".join(f"; or {one.source_column} ({one.confidence:.2f})" for one in proposal.others)
    return {**declared, "todo": f"{proposal.doubt}{also}", "note": note}


def _nothing(proposal: ColumnProposal, is_needed: bool) -> dict[str, Any]:
    if is_needed:
        return {"todo": "nothing found, and rows without it are set aside: name it by from, or say "
                "constant, or leave the table out"}  # fmt: skip
    return {"absent": True, "note": "nothing in this table looks like it"}


def _made_of(best: Candidate) -> dict[str, Any]:
    declared: dict[str, Any] = {"from": best.source_column}
    if best.look_up is not None:
        table, key, by = best.look_up
        declared["look_up"] = {"table": table, "key": key, "by": by}
    if best.unit and best.unit not in {"元", "小时"}:
        declared["unit"] = best.unit
    if best.formats:
        declared["format"] = best.formats[0] if len(best.formats) == 1 else list(best.formats)
    codes = {value: best.codes[value] for value, _ in best.values if value in best.codes}
    if best.unknown_share:
        # What the code means is filled in where it stands.
        codes = {value: codes.get(value, _UNKNOWN) for value, _ in best.values}
    if any(value.lower() != code.lower() for value, code in codes.items()):
        declared["values"] = codes
    return declared


def connector_text(proposal: Proposal) -> str:
    """The connector file as text."""
    connector = proposal.connector
    lines = [
        f"# Proposed by `aftersales connect new {connector.name}` from a sample of the source.",
        "# Each note says why. A todo waits for a person: nothing loads before it is decided and",
        f"# removed. Then: aftersales connect check {connector.name}",
        f"kind: {connector.kind}",
        f"owner: {_flow(connector.owner)}",
        f"time_zone: {connector.time_zone}",
        f"schema_policy: {connector.schema_policy}",
        f"connection: {_flow(connector.connection)}",
        "tables:",
    ]
    for table in proposal.tables:
        lines += _table_lines(proposal, table)
    lines += [f"# Not used: {one.name} ({len(one.columns)} columns)" for one in proposal.unused]
    return "\n".join(lines) + "\n"


def _table_lines(proposal: Proposal, table: TableProposal) -> list[str]:
    raw_name = f"{table.raw.system}.{table.raw.name}"
    needed = proposal.needed.get(raw_name, frozenset())
    place = [f"    {name}: {_flow(value)}" for name, value in table.table.declared.items()]
    place[0] = f"  - {place[0].strip()}"
    columns = {
        name: declaration(one, is_needed=name in needed, zone=proposal.connector.time_zone)
        for name, one in table.columns.items()
    }
    lines = ["", *place, f"    feeds: {raw_name}"]
    lines.append(f"    note: {_flow(f'recognised with confidence {table.confidence:.2f}')}")
    if proposal.keys.get(raw_name):
        lines.append(f"    keys: {_flow(list(proposal.keys[raw_name]))}")
        if "todo" not in columns.get(_CURSOR, {"todo": ""}) and "from" in columns[_CURSOR]:
            lines.append(f"    cursor: {_flow({'column': _CURSOR, 'overlap': '1 day'})}")
    lines.append("    columns:")
    lines += [f"      {name}: {_flow(declared)}" for name, declared in columns.items()]
    return lines


def _flow(value: Any) -> str:
    text = yaml.safe_dump(
        value, default_flow_style=True, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return str(text).removesuffix("...\n").strip()
