"""Versions change under the feet of clients: no request fails, none mixes two versions."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

from aftersales.serving.server import ServerHandle, start_server

from .support import SECRET, TOKENS, Reply, ask, build_version, publish

REVENUE_OF_ONE = 384000
VISIBLE_SECONDS = 10
CLIENTS = 8
QUESTION = {
    "measures": [
        "store_performance.revenue",
        "store_performance.gross_profit",
        "store_performance.labour_sales",
    ],
    "dimensions": ["store_performance.store_key"],
}


@pytest.fixture(scope="module")
def versions_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("versions")
    build_version(home, "v1", 1)
    build_version(home, "v2", 2)
    publish(home, "v1")
    return home


@pytest.fixture(scope="module")
def swapping(versions_home: Path, installed_dir: Path) -> Iterator[ServerHandle]:
    with start_server(versions_home, 0, SECRET, semantic_dir=installed_dir) as handle:
        yield handle


@pytest.fixture
def home(versions_home: Path, swapping: ServerHandle) -> Path:
    """The home with its first version published again."""
    publish(versions_home, "v1")
    assert ask(swapping, QUESTION).version == "v1"
    return versions_home


def factors(reply: Reply) -> set[float]:
    """The factor behind every number of an answer; one alone if it comes from one version."""
    parts = {"revenue": 1.0, "gross_profit": 0.375, "labour_sales": 0.75}
    return {
        float(row[f"store_performance.{name}"]) / (REVENUE_OF_ONE / 4 * share)
        for row in reply.rows
        for name, share in parts.items()
    }


@dataclass
class Clients:
    """Threads that ask without pause and remember what went wrong."""

    server: ServerHandle
    problems: list[str] = field(default_factory=list)
    answers: int = 0
    versions: set[str] = field(default_factory=set)
    is_done: threading.Event = field(default_factory=threading.Event)

    def _ask(self, number: int) -> None:
        turn = 0
        while not self.is_done.is_set():
            turn += 1
            # Every second question is new to the cache.
            limit = {"limit": 100 + turn} if turn % 2 else {}
            try:
                reply = ask(self.server, {**QUESTION, **limit}, TOKENS["hq"])
            except requests.RequestException as error:
                self.problems.append(f"client {number}: {error!r}")
                continue
            self.answers += 1
            if reply.status != requests.codes.ok or len(reply.rows) != 4:
                self.problems.append(f"client {number}: {reply}")
            elif {f"v{factor:.0f}" for factor in factors(reply)} != {reply.version}:
                self.problems.append(f"client {number} saw a mixture: {reply}")
            else:
                self.versions.add(str(reply.version))

    def __enter__(self) -> "Clients":
        self._threads = [
            threading.Thread(target=self._ask, args=[number]) for number in range(CLIENTS)
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.is_done.set()
        for thread in self._threads:
            thread.join()


def seconds_until_shown(server: ServerHandle, version_id: str) -> float:
    started = time.monotonic()
    while time.monotonic() - started < VISIBLE_SECONDS:
        if ask(server, QUESTION).version == version_id:
            return time.monotonic() - started
        time.sleep(0.01)
    return VISIBLE_SECONDS


def open_databases(server: ServerHandle) -> set[str]:
    """Version folders whose database file the server holds open."""
    descriptors = Path(f"/proc/{server.pid}/fd")
    targets = {str(link.readlink()) for link in descriptors.iterdir() if link.is_symlink()}
    return {Path(target).parent.name for target in targets if target.endswith("warehouse.duckdb")}


def test_publishing_and_rollback_under_load(swapping: ServerHandle, home: Path) -> None:
    delays = []
    with Clients(swapping) as clients:
        for turn in range(10):
            time.sleep(0.4)
            version_id = "v2" if turn % 2 == 0 else "v1"
            publish(home, version_id)
            delays.append(seconds_until_shown(swapping, version_id))
    assert clients.problems == []
    assert clients.answers > 100
    assert clients.versions == {"v1", "v2"}
    assert max(delays) < VISIBLE_SECONDS


def test_the_version_can_be_asked_for(swapping: ServerHandle, home: Path) -> None:
    question = {
        "dimensions": ["warehouse_version.version_id", "warehouse_version.as_of_on"],
    }
    for version_id in ("v1", "v2", "v1"):
        publish(home, version_id)
        reply = ask(swapping, question)
        assert reply.version == version_id
        assert reply.rows == [
            {
                "warehouse_version.version_id": version_id,
                "warehouse_version.as_of_on": "2025-03-01T00:00:00.000",
            }
        ]


def test_versions_nobody_uses_are_closed(swapping: ServerHandle, home: Path) -> None:
    for number in range(3, 9):
        shutil.copytree(home / "versions" / "v2", home / "versions" / f"v{number}")
        publish(home, f"v{number}")
        assert ask(swapping, QUESTION).version == f"v{number}"
    deadline = time.monotonic() + VISIBLE_SECONDS
    while len(open_databases(swapping)) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert open_databases(swapping) == {"v8"}


def damage_missing(home: Path) -> None:
    (home / "published.json").unlink()


def damage_half_pointer(home: Path) -> None:
    (home / "published.json").write_text('{"version_id": "v9", "data', encoding="utf-8")


def damage_pointer_to_nothing(home: Path) -> None:
    publish(home, "v9")


def damage_pointer_outside(home: Path) -> None:
    (home / "published.json").write_text(
        '{"version_id": "v9", "database": "../../etc/passwd"}', encoding="utf-8"
    )


def damage_garbage_database(home: Path) -> None:
    (home / "versions" / "v9").mkdir()
    (home / "versions" / "v9" / "warehouse.duckdb").write_bytes(b"not a database" * 1000)
    publish(home, "v9")


def damage_half_database(home: Path) -> None:
    (home / "versions" / "v9").mkdir()
    whole = (home / "versions" / "v2" / "warehouse.duckdb").read_bytes()
    (home / "versions" / "v9" / "warehouse.duckdb").write_bytes(whole[: len(whole) // 2])
    publish(home, "v9")


def test_a_bad_publication_changes_nothing(swapping: ServerHandle, home: Path) -> None:
    damages = [
        damage_missing,
        damage_half_pointer,
        damage_pointer_to_nothing,
        damage_pointer_outside,
        damage_garbage_database,
        damage_half_database,
    ]
    for damage in damages:
        shutil.rmtree(home / "versions" / "v9", ignore_errors=True)
        damage(home)
        for _ in range(3):
            reply = ask(swapping, QUESTION)
            assert (reply.status, reply.version) == (requests.codes.ok, "v1"), damage
        assert swapping.health() == {"health": "HEALTH", "version": "v1"}
    assert "Version not available" in swapping.log.read_text(encoding="utf-8")
    publish(home, "v2")
    assert ask(swapping, QUESTION).version == "v2"


def test_nothing_published_yet(tmp_path: Path, installed_dir: Path) -> None:
    with start_server(
        tmp_path, 0, SECRET, semantic_dir=installed_dir, is_version_needed=False
    ) as waiting:
        live = requests.get(f"{waiting.root}/livez", timeout=30)
        assert live.status_code == requests.codes.ok
        ready = requests.get(f"{waiting.root}/readyz", timeout=30)
        assert ready.status_code == requests.codes.service_unavailable
        reply = ask(waiting, QUESTION)
        assert reply.status == requests.codes.service_unavailable
        assert "No version" in reply.error
        build_version(tmp_path, "v1", 1)
        publish(tmp_path, "v1")
        assert ask(waiting, QUESTION).version == "v1"
        assert waiting.health()["health"] == "HEALTH"
