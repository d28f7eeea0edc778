"""What people decide about alerts: appended to a file of the home, read by every build.

A decision names the rule, the scope and the day it was made on, so that it finds its alert again in
the next version.
"""

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from aftersales.decision_file import append_decisions
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.warehouse.manifest import Manifest
from aftersales.warehouse.versions import database_of, published_manifest

ACKNOWLEDGE = "acknowledge"
SNOOZE = "snooze"
REOPEN = "reopen"


@dataclass(frozen=True)
class Decision:
    """One line of the file."""

    decision_number: int
    alert_id: str
    rule_id: str
    rule_version: int
    scope_key: str
    decision: str
    decided_by: str
    note: str | None
    decided_on: str
    snoozed_until_on: str | None


def published(home: Home) -> Manifest:
    """The published version, or an error that says how to get one."""
    manifest = published_manifest(home)
    if manifest is None:
        raise AftersalesError(f"Nothing is published in {home.root}: run `aftersales run` first.")
    return manifest


def decide(
    home: Home,
    asked_ids: list[str],
    decision: str,
    decided_by: str,
    note: str | None,
    until: date | None = None,
) -> list[Decision]:
    """Write a decision about open alerts; it shows at once and in every later version."""
    if not decided_by.strip():
        raise AftersalesError("A decision needs a name: add --by NAME.")
    manifest = published(home)
    if until is not None and until.isoformat() < manifest.as_of_on:
        raise AftersalesError(
            f"An alert cannot sleep until {until}, the version stands for {manifest.as_of_on}: "
            "give a later day with --until."
        )
    database = database_of(home, manifest.version_id)
    alerts = [find_alert(database, asked) for asked in asked_ids]
    decisions: list[Decision] = []

    def numbered(first: int) -> list[dict[str, Any]]:
        decisions.extend(
            Decision(
                first + position,
                *alert,
                decision,
                decided_by.strip(),
                note,
                manifest.as_of_on,
                until.isoformat() if until else None,
            )
            for position, alert in enumerate(alerts)
        )
        return [asdict(one) for one in decisions]

    append_decisions(home.alert_decisions, numbered)
    return decisions


def find_alert(database: Path, asked: str) -> tuple[str, str, int, str]:
    """Id, rule, version and scope of the one open alert whose id is or begins with this."""
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            rows = connection.execute(
                "select alert_id, rule_id, rule_version, scope_key from marts.fct_alerts "
                "where is_open and starts_with(alert_id, ?) order by alert_id",
                [asked],
            ).fetchall()
        except duckdb.CatalogException as error:
            raise AftersalesError(
                "The published version has no alerts yet: build it again with `aftersales run`."
            ) from error
    found = [(str(row[0]), str(row[1]), int(row[2]), str(row[3])) for row in rows]
    exact = [one for one in found if one[0] == asked]
    if exact or len(found) == 1:
        return (exact or found)[0]
    if found:
        raise AftersalesError(
            f"'{asked}' could be {len(found)} open alerts, for example {found[0][0]} and "
            f"{found[1][0]}: write more of the id."
        )
    raise AftersalesError(
        f"There is no open alert {asked}: `aftersales alerts --all` lists them with their ids."
    )
