"""Sample warehouses, publishing them, and asking the server about them."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import requests

from aftersales.serving.server import ServerHandle
from aftersales.serving.tokens import make_token

SECRET = "a-secret-that-only-tests-use-0123456789"
SAMPLE_SQL = [
    Path(__file__).with_name(name)
    for name in ("sample_warehouse.sql", "sample_comparisons.sql", "sample_alerts.sql")
]
REQUEST_SECONDS = 30


def build_version(home: Path, version_id: str, factor: int) -> Path:
    """Make a version whose every amount is a multiple of a factor."""
    database = home / "versions" / version_id / "warehouse.duckdb"
    database.parent.mkdir(parents=True)
    with duckdb.connect(str(database)) as connection:
        connection.execute("set variable factor = ?", [factor])
        for path in SAMPLE_SQL:
            connection.execute(path.read_text(encoding="utf-8"))
    return database


def publish(home: Path, version_id: str) -> None:
    """Point readers to a version made by `build_version`."""
    publish_database(home, version_id, home / "versions" / version_id / "warehouse.duckdb")


def publish_database(home: Path, version_id: str, database: Path) -> None:
    """Point readers to a database, by the rename the pipeline uses."""
    pointer = {
        "version_id": version_id,
        "database": str(database.relative_to(home)),
        "published_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f"),
    }
    temporary = home / ".published.json.tmp"
    temporary.write_text(json.dumps(pointer), encoding="utf-8")
    temporary.replace(home / "published.json")


def token(role: str, stores: Sequence[str] = (), regions: Sequence[str] = ()) -> str:
    """Sign a token as the server under test expects it."""
    return make_token(SECRET, role, stores, regions)


TOKENS = {
    "hq": token("hq"),
    "region_manager": token("region_manager", regions=["华北"]),
    "store_manager": token("store_manager", stores=["S001"]),
    "steward": token("steward"),
    "engineer": token("engineer"),
}


@dataclass(frozen=True)
class Reply:
    """What the server said."""

    status: int
    body: dict[str, Any]
    version: str | None

    @property
    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.body["data"]
        return rows

    @property
    def error(self) -> str:
        return str(self.body.get("error", ""))

    def column(self, member: str) -> list[Any]:
        return [row[member] for row in self.rows]


def ask(
    server: ServerHandle,
    question: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    bearer: str | None = TOKENS["hq"],
    path: str = "load",
    **body: Any,
) -> Reply:
    """Ask a query over REST, waiting for slow answers."""
    headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
    deadline = time.monotonic() + REQUEST_SECONDS
    while True:
        reply = requests.post(
            f"{server.url}/v1/{path}",
            json={"query": question, **body},
            headers=headers,
            timeout=REQUEST_SECONDS,
        )
        answer = reply.json()
        if answer.get("error") != "Continue wait" or time.monotonic() > deadline:
            return Reply(reply.status_code, answer, reply.headers.get("x-warehouse-version"))
