"""The semantic server as a child process that ends with its parent."""

import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import requests

from aftersales.errors import AftersalesError
from aftersales.serving.node import node_command

LOOPBACK = "127.0.0.1"
START_SECONDS = 120.0
STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1
_SHOWN_LINES = 8


@dataclass
class ServerHandle:
    """A running server. Use it as a context manager, or call `stop`."""

    url: str
    log: Path
    has_native: bool
    process: subprocess.Popen[str] = field(repr=False)

    @property
    def pid(self) -> int:
        """Process number of the server itself."""
        return self.process.pid

    @property
    def root(self) -> str:
        """Address without the path of the API."""
        return self.url.removesuffix("/cubejs-api")

    def is_running(self) -> bool:
        """Tell whether the process lives."""
        return self.process.poll() is None

    def health(self) -> dict[str, str]:
        """Ask whether the server answers and from which version."""
        reply = requests.get(f"{self.root}/readyz", timeout=10)
        answer: dict[str, str] = reply.json()
        return answer

    def wait(self) -> int:
        """Wait until the server ends, and return its exit code."""
        return self.process.wait()

    def stop(self) -> None:
        """End the server: politely, then by force."""
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        """Return the handle itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the server."""
        self.stop()


def start_server(
    home: Path,
    port: int = 0,
    secret: str | None = None,
    *,
    semantic_dir: Path,
    host: str = LOOPBACK,
    environment: Mapping[str, str] | None = None,
    is_version_needed: bool = True,
) -> ServerHandle:
    """Start the server and return once it answers from the published version.

    Port 0 lets the system choose a free one. The server ends when this process does, however it
    ends: it watches a pipe that only this process holds open.
    """
    log = home / "logs" / "server.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    settings = {
        "AFTERSALES_HOME": str(home.resolve()),
        "AFTERSALES_HOST": host,
        "AFTERSALES_EXIT_WITH_PARENT": "true",
        "PORT": str(port),
        **({"AFTERSALES_API_SECRET": secret} if secret is not None else {}),
        **(environment or {}),
    }
    with log.open("a", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [*node_command(), str(semantic_dir / "server" / "index.js")],
            cwd=semantic_dir,
            env={**os.environ, **settings},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    announcement = _Announcement(process.stdout, log)
    handle = ServerHandle("", log, False, process)
    try:
        address = announcement.wait(process, START_SECONDS)
        handle.url, handle.has_native = str(address["url"]), bool(address["native"])
        if is_version_needed:
            _wait_until_ready(handle)
    except BaseException:
        handle.stop()
        raise
    return handle


def _wait_until_ready(handle: ServerHandle) -> None:
    deadline = time.monotonic() + START_SECONDS
    answer: Mapping[str, str] = {}
    while time.monotonic() < deadline:
        answer = handle.health()
        if answer.get("health") == "HEALTH":
            return
        time.sleep(_POLL_SECONDS)
    raise AftersalesError(
        f"The server at {handle.url} runs but has no version to serve "
        f"({answer.get('error', 'no reason given')}): publish one with `aftersales run`."
    )


class _Announcement:
    """Reads the line in which the server says where it listens, and logs what follows."""

    def __init__(self, stream: IO[str] | None, log: Path) -> None:
        if stream is None:
            raise AftersalesError("The server's output is not connected.")
        self._stream = stream
        self._log = log
        self._address: dict[str, object] = {}
        self._is_known = threading.Event()
        threading.Thread(target=self._read, name="semantic-server-output", daemon=True).start()

    def _read(self) -> None:
        try:
            with self._log.open("a", encoding="utf-8") as log:
                for line in self._stream:
                    if not self._is_known.is_set() and line.startswith('{"event":"listening"'):
                        self._address = json.loads(line)
                        self._is_known.set()
                    log.write(line)
                    log.flush()
        except ValueError:
            # The stream was closed by stop(); nothing is left to read.
            return

    def wait(self, process: subprocess.Popen[str], seconds: float) -> dict[str, object]:
        """Return the address, or say why there is none."""
        deadline = time.monotonic() + seconds
        while not self._is_known.wait(_POLL_SECONDS):
            if process.poll() is not None:
                raise AftersalesError(
                    f"The semantic server did not start (exit {process.returncode}); "
                    f"see {self._log}. It said:\n{_tail(self._log)}"
                )
            if time.monotonic() > deadline:
                raise AftersalesError(
                    f"The semantic server did not start within {seconds:.0f} s; see {self._log}."
                )
        return self._address


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8").strip().splitlines()[-_SHOWN_LINES:])
