"""Latency of the API against the same SQL straight in DuckDB."""

import copy
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import requests

from aftersales.home import Home
from aftersales.serving.client import query
from aftersales.serving.server import ServerHandle, start_server
from aftersales.serving.tokens import make_token
from aftersales.settings import Settings
from aftersales.warehouse.versions import database_of, published_manifest
from benchmarks.queries import QUERIES

_SECRET = "benchmark-secret-of-this-process-only-0123456789"
_FIRST_ON = date(2024, 11, 1)
_CLIENTS = 16
_REQUESTS = 48


def _in_range(question: dict[str, Any], first_on: date) -> dict[str, Any]:
    """The question over a range of days of its own: another range is another entry of the cache."""
    asked = copy.deepcopy(question)
    asked["timeDimensions"][0]["dateRange"] = [first_on.isoformat(), "2025-10-31"]
    return asked


def _timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def _percentiles(milliseconds: list[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return f"{statistics.median(milliseconds):.0f} / {cuts[18]:.0f}"


def _ask(url: str, token: str, questions: list[dict[str, Any]], clients: int) -> list[float]:
    with ThreadPoolExecutor(clients) as pool:
        return list(pool.map(lambda one: _timed(lambda: query(url, token, one)), questions))


def _sql(url: str, token: str, question: dict[str, Any]) -> tuple[str, list[Any]]:
    reply = requests.post(
        f"{url}/v1/sql",
        json={"query": question},
        headers={"Authorization": f"Bearer {token}"},
        timeout=60,
    )
    reply.raise_for_status()
    text, parameters = reply.json()["sql"]["sql"]
    return text, parameters


def _straight(database: Path, statements: list[tuple[str, list[Any]]]) -> list[float]:
    with duckdb.connect(database, read_only=True) as connection:
        return [
            _timed(lambda one=one: connection.execute(one[0], one[1]).fetchall())  # type: ignore[misc]
            for one in statements
        ]


def _rows(server: ServerHandle, database: Path) -> list[str]:
    engineer = make_token(_SECRET, "engineer")
    token = make_token(_SECRET, "hq")
    lines = []
    for name, question in QUERIES.items():
        fresh = [_in_range(question, _FIRST_ON - timedelta(days=step)) for step in range(_REQUESTS)]
        fresh_for_many = [
            _in_range(question, _FIRST_ON + timedelta(days=step + 1)) for step in range(_REQUESTS)
        ]
        statements = [_sql(server.url, engineer, one) for one in fresh]
        straight = _straight(database, statements)
        uncached = _ask(server.url, token, fresh, 1)
        uncached_many = _ask(server.url, token, fresh_for_many, _CLIENTS)
        cached = _ask(server.url, token, [fresh[0]] * _REQUESTS, 1)
        cached_many = _ask(server.url, token, [fresh[0]] * _REQUESTS * 4, _CLIENTS)
        cells = [straight, uncached, cached, uncached_many, cached_many]
        lines.append(f"| {name} | {' | '.join(_percentiles(one) for one in cells)} |")
    return lines


def run(home_dir: Path) -> list[str]:
    """Measure on the published version of a home; gives Markdown lines."""
    home = Home(home_dir)
    manifest = published_manifest(home)
    assert manifest is not None
    database = database_of(home, manifest.version_id)
    semantic_dir = Settings().project_dir / "semantic"
    with start_server(home_dir, 0, _SECRET, semantic_dir=semantic_dir) as server:
        rows = _rows(server, database)
    orders = manifest.row_counts["marts.fct_repair_orders"]
    return [
        f"### API latency ({orders:,} repair orders)",
        "",
        f"Milliseconds, p50 / p95, whole request by a client on the same machine; {_REQUESTS} "
        "requests each. *Not cached*: each request asks another range of days. *DuckDB*: the SQL "
        "that Cube made, run on one open connection, without HTTP and tokens.",
        "",
        f"| query | DuckDB | not cached, 1 client | cached, 1 client "
        f"| not cached, {_CLIENTS} clients | cached, {_CLIENTS} clients |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
