"""`connect new`: read an unknown source, propose, write."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from aftersales.connect import knowledge
from aftersales.connect.catalogue import read_catalogue
from aftersales.connect.document import document_text
from aftersales.connect.needs import needed_columns
from aftersales.connect.profile import profile
from aftersales.connect.propose import propose
from aftersales.connect.write import Proposal, connector_text
from aftersales.connectors.engine import connect
from aftersales.connectors.load import check_document
from aftersales.connectors.spec import Connector
from aftersales.contract import load_contract
from aftersales.errors import AftersalesError
from aftersales.files import write_text
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


@dataclass(frozen=True)
class Written:
    """The files written, and how much of the proposal is sure."""

    connector: Path
    document: Path
    proposal: Proposal


def connect_new(
    home: Home,
    settings: Settings,
    progress: Progress,
    connector: Connector,
    *,
    sample_rows: int | None = None,
    force: bool = False,
) -> Written:
    """Write a connector and its document. Call it with the home's lock held."""
    document = connector.path.with_suffix(".md")
    there = [path for path in (connector.path, document) if path.exists()]
    if there and not force:
        raise AftersalesError(
            f"{there[0]} is there already: give the source another name, or overwrite what stands "
            "there with --force."
        )
    contract = load_contract(settings.project_dir)
    check_document(connector.path, _skeleton(connector), contract)
    proposal = read_proposal(home, settings, progress, connector, sample_rows)
    if not proposal.tables:
        raise AftersalesError(
            f"None of the {len(proposal.unused)} tables of {connector.name} looks like one we "
            "know: check that it is the right database or folder; docs/sources.md says how to "
            "write a connector by hand."
        )
    write_text(connector.path, connector_text(proposal))
    write_text(document, document_text(proposal, contract, settings.project_dir))
    return Written(connector.path, document, proposal)


def read_proposal(
    home: Home,
    settings: Settings,
    progress: Progress,
    connector: Connector,
    sample_rows: int | None = None,
) -> Proposal:
    """Profile the source and propose; nothing is written."""
    contract = load_contract(settings.project_dir)
    work = home.work / "connect"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with connect(home, settings) as engine:
        limits = knowledge.teach(engine, settings.project_dir, contract)
        rows = sample_rows or limits.count("sample_rows")
        with progress.step(f"Sample {connector.name} ({connector.kind})") as step:
            tables, problems = read_catalogue(engine, connector, rows, work, step.update)
            step.result = f"{len(tables)} tables, {sum(one.rows for one in tables):,} rows"
        with progress.step("Profile columns"):
            profile(engine, tables)
        with progress.step("Propose a mapping") as step:
            proposed = propose(engine, tables, contract, limits)
            most_tables = limits.count("most_tables")
            step.result = f"{len(proposed)} of {len(tables)} tables recognised"
    shutil.rmtree(work)
    used = {one.table.number for one in proposed}
    return Proposal(
        connector,
        proposed,
        [one for one in tables if one.number not in used],
        problems,
        knowledge.natural_keys(settings.project_dir),
        needed_columns(settings.project_dir),
        most_tables,
    )


def _skeleton(connector: Connector) -> dict[str, object]:
    """As much of the file as is known before the source is read: its mistakes are told first."""
    first: dict[str, object] = {"from": "unknown", "feeds": "dms.stores"}
    if "folder" in connector.connection:
        first = {"files": "unknown", "feeds": "dms.stores"}
    return {
        "kind": connector.kind,
        "owner": connector.owner,
        "time_zone": connector.time_zone,
        "connection": dict(connector.connection),
        "tables": [first],
    }
