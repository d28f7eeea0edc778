"""Kills `aftersales run --no-serve` at random moments while a client keeps asking the API.

Run it as `python tests/pipeline/kill_test.py --moments 30`. It proves four things: no request of
the client fails, the published version can always be read, the next run finishes, and the tables
end up equal to those of a home where nothing was ever killed. It starts from a first run of its
own, or from a copy of a home that has published (`--home`, with the `--days` of its company).
"""

import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb

from aftersales.compare import compare_databases
from aftersales.home import Home
from aftersales.serving.client import query
from aftersales.serving.server import start_server
from aftersales.serving.tokens import make_token, secret_of
from aftersales.settings import Settings
from aftersales.warehouse.versions import read_pointer

QUESTION = {
    "measures": ["store_performance.revenue", "store_performance.visits"],
    "dimensions": ["store_performance.store_key"],
}
BASE_DAYS = 365
PAUSE_SECONDS = 0.05


@dataclass
class Client:
    """Asks the same question over and over, and remembers whatever goes wrong."""

    url: str
    token: str
    pause: float
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._ask_on)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _ask_on(self) -> None:
        while not self._stop.is_set():
            self.requests += 1
            try:
                answer = query(self.url, self.token, QUESTION)
            except Exception as error:
                self.failures.append(repr(error))
            else:
                rows = json.dumps(answer.rows, default=str, sort_keys=True)
                if self.answers.setdefault(answer.version, rows) != rows:
                    self.failures.append(f"version {answer.version} gave two different answers")
            time.sleep(self.pause)


def run_command(home: Path, scale: str, days: int) -> subprocess.Popen[bytes]:
    """Start the command that is going to be killed."""
    log = (home / "run.log").open("ab")
    arguments = ["run", "--no-serve", "--home", str(home), "--scale", scale, "--days", str(days)]
    return subprocess.Popen(
        [sys.executable, "-m", "aftersales.cli", *arguments], stdout=log, stderr=log
    )


def last_lines(home: Path) -> str:
    """What the command said last."""
    return " | ".join((home / "run.log").read_text(encoding="utf-8").splitlines()[-5:])


def run_to_the_end(home: Path, scale: str, days: int) -> float:
    """Run undisturbed; give the seconds it took."""
    started = time.monotonic()
    code = run_command(home, scale, days).wait()
    if code != 0:
        raise SystemExit(f"a run that nobody disturbed ended with {code}: {last_lines(home)}")
    return time.monotonic() - started


def published_database(home: Path) -> Path:
    """The published file, proven to be readable."""
    pointer = read_pointer(Home(home))
    if pointer is None:
        raise SystemExit("nothing is published")
    database = home / pointer.database
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute("select count(*), sum(revenue_amount) from marts.fct_store_day")
    return database


def kill_at_random_moments(
    home: Path, scale: str, days: int, moments: int, seconds: float, choice: random.Random
) -> int:
    """Kill run after run, each time reading the published version; give the days asked for last.

    A run that ends before its moment has come has published, so the next one gets one more day.
    """
    kills = 0
    while kills < moments:
        process = run_command(home, scale, days)
        moment = choice.uniform(0.3, seconds)
        try:
            if process.wait(moment) != 0:
                raise SystemExit(f"a run that nobody killed failed: {last_lines(home)}")
            days += 1
            ending = "had ended"
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            ending = "killed"
        published = published_database(home).parent.name
        print(
            f"{kills:3d}/{moments} at {moment:5.1f} s: {ending}; published {published}", flush=True
        )
    return days


def main() -> int:
    """Carry it out and print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=30)
    parser.add_argument("--scale", default="1", help="size of the demo company")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random moments")
    parser.add_argument("--home", type=Path, help="published home to start from, left as it is")
    parser.add_argument("--days", type=int, default=BASE_DAYS, help="days of the company at first")
    parser.add_argument(
        "--pause", type=float, default=PAUSE_SECONDS, help="seconds between two requests"
    )
    options = parser.parse_args()
    settings = Settings()
    with tempfile.TemporaryDirectory(prefix="aftersales-kill-") as folder:
        victim, undisturbed = Path(folder) / "victim", Path(folder) / "undisturbed"
        if options.home is None:
            victim.mkdir()
            run_to_the_end(victim, options.scale, options.days)
        else:
            shutil.copytree(options.home, victim, symlinks=True)
        shutil.copytree(victim, undisturbed, symlinks=True)
        days = options.days + 1
        increment = run_to_the_end(undisturbed, options.scale, days)
        print(f"undisturbed: one more day {increment:.1f} s", flush=True)
        token = make_token(secret_of(victim), "hq")
        semantic_dir = settings.project_dir / "semantic"
        with (
            start_server(victim, 0, secret_of(victim), semantic_dir=semantic_dir) as server,
            Client(server.url, token, options.pause) as client,
        ):
            choice = random.Random(options.seed)
            days = kill_at_random_moments(
                victim, options.scale, days, options.moments, increment, choice
            )
            run_to_the_end(victim, options.scale, days)
            time.sleep(1)
        run_to_the_end(undisturbed, options.scale, days)
        differences = compare_databases(published_database(victim), published_database(undisturbed))
        leftovers = [str(path) for path in victim.rglob(".*.tmp")]
    print(
        f"requests {client.requests}, failed {len(client.failures)}, "
        f"versions seen {len(client.answers)}"
    )
    print(f"tables that differ from the undisturbed home: {len(differences)}")
    for problem in [*client.failures[:5], *map(str, differences), *leftovers]:
        print(f"  {problem}")
    return 1 if client.failures or differences or leftovers else 0


if __name__ == "__main__":
    sys.exit(main())
