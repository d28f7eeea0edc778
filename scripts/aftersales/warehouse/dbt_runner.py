"""dbt, run inside this process: its chatter goes to a log, its failures become one sentence."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress, Step
from aftersales.settings import Settings

_FAILED = frozenset({"error", "fail", "runtime error", "partial success"})
_REASON_CHARACTERS = 400
# A project that was read for the commands that follow is handed over to them: no file tells of it.
_NO_FILES = "--no-write-json"


class DbtProject:
    """The project's dbt commands against one database."""

    target = "duckdb"

    def __init__(self, home: Home, settings: Settings, database: Path) -> None:
        """Remember where the project, the database and the logs are."""
        self._home = home
        self._settings = settings
        self._manifest: Any = None
        self.database = database

    @contextmanager
    def reading_meanwhile(self) -> Iterator[None]:
        """Read the project's files while the caller prepares the database they will work on.

        The commands that follow find it read. It takes as long as copying a database of some GB.
        """
        with self.environment(), ThreadPoolExecutor(max_workers=1) as pool:
            reading = pool.submit(self._read)
            yield
            reading.result()

    def _read(self) -> None:
        from dbt.cli.main import dbtRunner

        result = dbtRunner().invoke(["parse", *self._options(), _NO_FILES])
        self._raise_on_failure("parse", result)
        self._manifest = result.result

    def children(self) -> dict[str, list[str]]:
        """The nodes that read each node of the project straight, by dbt's ids."""
        with self.environment():
            self._read()
        self._manifest.build_parent_and_child_maps()
        return {str(node): list(below) for node, below in self._manifest.child_map.items()}

    def run(self, progress: Progress, title: str, arguments: list[str]) -> None:
        """Run one dbt command and raise a clear error when a node of it fails."""
        # dbt takes seconds to import: only the commands that need it pay for it.
        from dbt.cli.main import dbtRunner

        with progress.step(title) as step, self.environment():
            counter = _NodeCounter(step)
            runner = dbtRunner(manifest=self._manifest, callbacks=[counter])
            try:
                files = [] if self._manifest is None else [_NO_FILES]
                result = runner.invoke([*arguments, *self._options(), *files])
            finally:
                _close_connections()
            self._raise_on_failure(arguments[0], result)
            step.result = f"{counter.finished} done"

    @property
    def target_dir(self) -> Path:
        """Where dbt keeps its compiled project, in the home so that two homes do not meet."""
        return (self._home.work / "dbt").resolve()

    def _options(self) -> list[str]:
        project = str(self._settings.project_dir)
        return [
            "--project-dir", project,
            "--profiles-dir", project,
            "--target", self.target,
            "--target-path", str(self.target_dir),
            "--log-path", str(self._home.logs.resolve()),
            "--log-level", "none",
            "--log-level-file", "info",
            "--no-use-colors-file",
        ]  # fmt: skip

    @contextmanager
    def environment(self) -> Iterator[None]:
        """Set what the project's profile reads; the same values for every command on a home."""
        spill = (self._home.work / "spill").resolve()
        spill.mkdir(parents=True, exist_ok=True)
        values = {
            "AFTERSALES_DATABASE": str(self.database),
            "AFTERSALES_MEMORY_LIMIT": self._settings.memory_limit,
            "AFTERSALES_TEMP_DIRECTORY": str(spill),
        }
        before = {name: os.environ.get(name) for name in values}
        os.environ.update(values)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value

    def _raise_on_failure(self, command: str, result: Any) -> None:
        log = self._home.logs / "dbt.log"
        if result.exception is not None:
            raise AftersalesError(
                f"dbt {command} could not start: {_one_line(str(result.exception))} (log: {log})."
            )
        results = getattr(result.result, "results", [])
        failed = [one for one in results if str(one.status) in _FAILED]
        if failed:
            first = failed[0]
            others = f" and {len(failed) - 1} more" if len(failed) > 1 else ""
            raise AftersalesError(
                f"dbt {command} failed in {first.node.name}{others}: "
                f"{_one_line(first.message or 'no reason given')} "
                f"({first.node.original_file_path}; log: {log})."
            )
        if not result.success:
            raise AftersalesError(f"dbt {command} failed without naming a model; see {log}.")


class _NodeCounter:
    """Listens to dbt's events and tells how many nodes are through."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self.finished = 0

    def __call__(self, event: Any) -> None:
        if event.info.name in {"LogModelResult", "LogSeedResult"}:
            self.finished += 1
            self._step.update(f"{event.data.index} of {event.data.total}, {_node_name(event)}")


def _node_name(event: Any) -> str:
    return str(event.data.node_info.node_name)


def _close_connections() -> None:
    """Let go of the database file, which the adapter would hold until the process ends."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _REASON_CHARACTERS else line[: _REASON_CHARACTERS - 1] + "…"
