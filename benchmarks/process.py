"""A command as a whole process: how long it took and how much memory it needed."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measurement:
    """One finished process, as the operating system accounts for it."""

    wall_seconds: float
    cpu_seconds: float
    peak_gib: float


def measure(arguments: list[str], log: Path) -> Measurement:
    """Run a command to its end.

    Output is appended to `log`. Raises RuntimeError with the log's name if the command fails, so
    that a failed run never becomes a figure.
    """
    environment = _with_bytecode(log.parent / "bytecode")
    started = time.monotonic()
    with log.open("ab") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) != 0:
        raise RuntimeError(f"{' '.join(arguments)} failed; its output is in {log}")
    return Measurement(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024**2)


def _with_bytecode(cache: Path) -> dict[str, str]:
    """The environment of an installation in use: Python compiles a module once, not in each run."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(cache.resolve())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def aftersales(home: Path, *arguments: str) -> list[str]:
    """The command line of the project, on a home of the benchmark's own."""
    return [sys.executable, "-m", "aftersales.cli", *arguments, "--home", str(home)]
