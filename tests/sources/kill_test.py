"""Kills `aftersales ingest` at random moments while rows change in a real database server.

Run it as `PYTHONPATH=tests python tests/sources/kill_test.py --moments 30`. For PostgreSQL and
MariaDB it proves: after the last undisturbed run the landed newest versions equal the source row
for row, no version has landed twice, and nothing half-written is left.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from aftersales.home import Home
from aftersales.landing import ledger
from sources import dms, servers
from sources.servers import PASSWORD, Server

_EARLIEST_SECONDS = 0.5


@dataclass
class Verdict:
    """What was found after the kills."""

    kills: int = 0
    kills_at_work: int = 0
    batches: int = 0
    rounds: int = 0
    differences: dict[str, tuple[int, int]] = field(default_factory=dict)
    landed_twice: int = 0
    leftovers: list[str] = field(default_factory=list)
    password_in: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, nothing is there twice, and nothing is left over."""
        return not (self.differences or self.landed_twice or self.leftovers or self.password_in)


def start_ingest(home: Home, server: Server) -> subprocess.Popen[bytes]:
    """Start the command that is going to be killed."""
    log = (home.root / "ingest.log").open("ab")
    return subprocess.Popen(
        [sys.executable, "-m", "aftersales.cli", "--debug", "ingest", "--home", str(home.root)],
        stdout=log,
        stderr=log,
        env={**os.environ, **server.environment()},
    )


def run_to_the_end(home: Home, server: Server) -> float:
    """Run undisturbed; give the seconds it took."""
    started = time.monotonic()
    code = start_ingest(home, server).wait()
    if code != 0:
        raise SystemExit(f"a run that nobody killed ended with {code}: see {home.root}/ingest.log")
    return time.monotonic() - started


def kill_at_random_moments(
    server: Server, folder: Path, moments: int, choice: random.Random, *, is_quiet: bool = False
) -> Verdict:
    """Kill run after run; the first ones while a first load is under way."""
    measured = Home(folder / "measured")
    dms.write_connector(server, measured.connectors)
    first = run_to_the_end(measured, server)
    home = Home(folder / "victim")
    connector = dms.write_connector(server, home.connectors)
    verdict = Verdict()
    with dms.Writer(server) as writer:
        while verdict.kills < moments:
            process, started = start_ingest(home, server), time.time()
            moment = choice.uniform(_EARLIEST_SECONDS, first)
            try:
                if process.wait(moment) != 0:
                    raise SystemExit(f"a run that nobody killed failed: see {home.root}/ingest.log")
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                verdict.kills += 1
                leftovers = _leftovers(home, started)
                verdict.kills_at_work += bool(leftovers)
                if not is_quiet:
                    batches = len(ledger.load(home))
                    cut = ", in the middle of a batch" if leftovers else ""
                    print(
                        f"{server.kind} {verdict.kills:3d}/{moments} killed at {moment:4.1f} s: "
                        f"{batches} batches{cut}",
                        flush=True,
                    )
    if writer.failures:
        raise SystemExit(f"the writer failed: {writer.failures[0]}")
    run_to_the_end(home, server)
    verdict.rounds = writer.rounds
    verdict.batches = len(ledger.load(home))
    verdict.differences = dms.differences(server, home, connector, folder)
    verdict.landed_twice = dms.landed_twice(home)
    verdict.leftovers = _leftovers(home)
    verdict.password_in = [
        str(path)
        for path in home.root.rglob("*")
        if path.is_file() and PASSWORD.encode() in path.read_bytes()
    ]
    return verdict


def _leftovers(home: Home, since: float = 0) -> list[str]:
    """Half-written files, of all runs or of the one that started then."""
    work = home.work / "connectors"
    half = list(home.landing.rglob(".*.tmp")) + (list(work.iterdir()) if work.is_dir() else [])
    return [str(path) for path in half if path.lstat().st_mtime >= since]


def main() -> int:
    """Carry it out for both servers and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=30, help="kills for each server")
    parser.add_argument("--scale", default="2", help="size of the demo company")
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1, help="seed of the random moments")
    options = parser.parse_args()
    is_good = True
    with tempfile.TemporaryDirectory(prefix="aftersales-kill-") as temporary:
        folder = Path(temporary)
        files = dms.make_company(folder / "company", options.scale, options.days)
        for kind in ("postgresql", "mariadb"):
            reason = servers.missing(kind)
            if reason:
                raise SystemExit(reason)
            with servers.running(kind, folder / kind) as server:
                dms.fill(server, files)
                verdict = kill_at_random_moments(
                    server, folder / f"{kind}-home", options.moments, random.Random(options.seed)
                )
            print(f"{kind}: {verdict}")
            is_good = is_good and verdict.is_good
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
