"""Drift: a source whose columns are no longer those that were declared or landed before."""

import difflib
from dataclasses import asdict, dataclass
from pathlib import Path

from aftersales.connectors.expressions import family
from aftersales.connectors.extract import Extract
from aftersales.connectors.mapping import Mapping
from aftersales.connectors.spec import ACCEPT, QUARANTINE, STOP, Connector, TableSpec
from aftersales.files import read_json, write_json
from aftersales.home import Home

NEW, MISSING, RENAMED, RETYPED, GONE = "new", "missing", "renamed", "re-typed", "table gone"
LOADED, HELD, STOPPED = "loaded", "held", "source stopped"
_ALIKE = 0.6


@dataclass(frozen=True)
class Change:
    """One column that changed; `column` is the source's name of it."""

    kind: str
    column: str
    detail: str
    raw_column: str | None = None

    @property
    def endangers(self) -> bool:
        """Whether a column that the models read is concerned."""
        return self.kind == GONE or self.raw_column is not None

    @property
    def sentence(self) -> str:
        """The change in words."""
        feeds = f", which feeds {self.raw_column}" if self.raw_column else ""
        return f"{self.kind} column {self.column}{feeds} ({self.detail})"


def find_changes(
    table: TableSpec, mapping: Mapping, extract: Extract, before: dict[str, str] | None
) -> list[Change]:
    """Compare an extract with the contract, and with the columns that came last time."""
    now = extract.known_types
    feeds = _raw_columns(table, extract)
    new = [] if before is None else [name for name in now if name not in before]
    changes = []
    for raw, source in mapping.missing:
        successor = _successor(source, new, now, before or {})
        if successor is None:
            changes.append(Change(MISSING, source, "the source no longer has it", raw))
        else:
            new.remove(successor)
            instead = f"declare {raw}: {successor}"
            if source != table.column_of(raw).source or table.column_of(raw).changes_value:
                instead = f"write that into the connector instead of {source}"
            detail = f"probably now called {successor}: {instead}"
            changes.append(Change(RENAMED, source, detail, raw))
    if before is not None:
        wanted = {source.lower() for _, source in mapping.missing}
        changes += [
            Change(MISSING, name, "it came along before; no model reads it")
            for name in before
            if name not in now and name.lower() not in wanted
        ]
        changes += [
            Change(RETYPED, name, f"{before[name]} became {now[name]}", feeds.get(name))
            for name in now
            if name in before and _sort(before[name]) != _sort(now[name])
        ]
    changes += [Change(NEW, name, f"of type {now[name]}") for name in new]
    return changes


def _sort(data_type: str) -> str:
    """What a type is as far as a change of it matters: more digits are no other type."""
    known = family(data_type)
    return data_type if known == "other" else known


def _raw_columns(table: TableSpec, extract: Extract) -> dict[str, str]:
    named = {}
    for raw in table.feeds.columns:
        for source in table.column_of(raw).sources:
            found = extract.column(source)
            if found is not None:
                named[found] = raw
    moments = {} if table.each is None else table.each.moments
    for source, raw in moments.items():
        named[extract.column(source) or source] = raw
    return named


def _successor(
    lost: str, new: list[str], now: dict[str, str], before: dict[str, str]
) -> str | None:
    """The new column that looks like a lost one: alike by name, or of its type in its place."""
    places = list(now)
    old_places = [name.lower() for name in before]
    for name in new:
        kind = next((one for key, one in before.items() if key.lower() == lost.lower()), None)
        if kind is not None and _sort(kind) != _sort(now[name]):
            continue
        alike = difflib.SequenceMatcher(None, lost.lower(), name.lower()).ratio() >= _ALIKE
        in_place = lost.lower() in old_places and places.index(name) == old_places.index(
            lost.lower()
        )
        if alike or in_place:
            return name
    return None


@dataclass(frozen=True)
class Decision:
    """What the declared policy makes of the changes of one table."""

    outcome: str
    held_back: frozenset[str] = frozenset()


def decide(policy: str, changes: list[Change], keys: tuple[str, ...]) -> Decision:
    """Accept lands all; quarantine holds what endangers models and leaves new columns out.

    Rows without a column of their key cannot be told apart: no policy lands them.
    """
    if policy == ACCEPT and any(
        change.raw_column in keys and change.kind in {MISSING, RENAMED} for change in changes
    ):
        return Decision(HELD)
    if not changes or policy == ACCEPT:
        return Decision(LOADED)
    if policy == STOP:
        return Decision(STOPPED)
    assert policy == QUARANTINE
    if any(change.endangers for change in changes):
        return Decision(HELD)
    return Decision(LOADED, frozenset(one.column for one in changes if one.kind == NEW))


@dataclass(frozen=True)
class DriftReport:
    """What changed in one table of a source, what was done, and which models it endangers."""

    connector: str
    owner: str
    source_table: str
    raw_table: str
    policy: str
    outcome: str
    changes: list[dict[str, str | None]]
    endangered_models: list[str]
    noticed_at: str

    @property
    def sentence(self) -> str:
        """The report in one line."""
        listed = "; ".join(str(one["sentence"]) for one in self.changes)
        what = {
            LOADED: "it was loaded all the same",
            HELD: "nothing of it was loaded, the other tables were",
            STOPPED: "nothing more of this source was loaded",
        }[self.outcome]
        shown = ", ".join(self.endangered_models[:6])
        more = len(self.endangered_models) - 6
        models = f" Models endangered: {shown}{f' and {more} more' if more > 0 else ''}."
        return (
            f"{self.connector}: {self.source_table} (raw table {self.raw_table}) changed: "
            f"{listed}. By policy {self.policy} {what}."
            f"{models if self.endangered_models else ''} Owner: {self.owner}."
        )


def make_report(
    connector: Connector,
    table: TableSpec,
    changes: list[Change],
    outcome: str,
    models: list[str],
    noticed_at: str,
) -> DriftReport:
    """Put together what is to be known about a drift."""
    listed = [{**asdict(change), "sentence": change.sentence} for change in changes]
    return DriftReport(
        connector.name,
        connector.owner,
        table.source,
        f"{table.feeds.system}.{table.feeds.name}",
        connector.schema_policy,
        outcome,
        listed,
        models,
        noticed_at,
    )


def drift_path(home: Home, connector: Connector, table: TableSpec) -> Path:
    """Where the drift of a table is kept for as long as it lasts."""
    safe = "".join(one if one.isalnum() else "_" for one in table.source)
    name = f"{connector.name}.{table.feeds.system}.{table.feeds.name}.{safe}.json"
    return home.landing / "_drift" / name


def keep_report(path: Path, report: DriftReport | None) -> None:
    """Write the drift of a table; remove it when there is none any more."""
    if report is None:
        path.unlink(missing_ok=True)
        return
    document = asdict(report)
    if path.is_file():
        known = read_json(path)
        if {**known, "noticed_at": ""} == {**document, "noticed_at": ""}:
            return
    write_json(path, document)
