"""Real database servers for a test: on loopback, in their own folder, ended by their own id."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "gp7-Planted'Secret"
_START_SECONDS = 60
_ATTEMPTS = 3
_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/local/bin", "/usr/sbin", "/usr/bin")


class NotStartedError(AssertionError):
    """A server that ended before it answered."""


@dataclass(frozen=True)
class Server:
    """A running server, and how to talk to it."""

    kind: str
    port: int
    folder: Path
    database: str = "dms"
    user: str = "loader"

    def environment(self) -> dict[str, str]:
        """The variables that the connectors of the tests name."""
        return {"DMS_USER": self.user, "DMS_PASSWORD": PASSWORD}

    def run(self, sql: str) -> str:
        """Run statements in the server's own client."""
        command = self._client()
        done = subprocess.run(
            command,
            input=sql,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PGPASSWORD": PASSWORD, "MYSQL_PWD": PASSWORD},
        )
        if done.returncode != 0:
            raise AssertionError(f"{self.kind} refused: {done.stderr[-2000:]}")
        return done.stdout

    def _client(self) -> list[str]:
        if self.kind == "postgresql":
            return [
                find_binary("psql") or "psql", "-h", "127.0.0.1", "-p", str(self.port),
                "-U", self.user, "-d", self.database,
                "-q", "-At", "-v", "ON_ERROR_STOP=1",
            ]  # fmt: skip
        return [
            find_binary("mariadb") or "mariadb", "--no-defaults", "-h", "127.0.0.1",
            "-P", str(self.port), "-u", self.user, "-N", "-B",
            "--default-character-set=utf8mb4", "--local-infile=1", self.database,
        ]  # fmt: skip


def find_binary(name: str) -> str | None:
    """Where a program of a server lies; Debian keeps PostgreSQL's off the path."""
    found = shutil.which(name)
    if found:
        return found
    for pattern in _FOLDERS:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), reverse=True):
            if (folder / name).is_file():
                return str(folder / name)
    return None


def missing(kind: str) -> str | None:
    """Why the server of a kind cannot be started here, or nothing."""
    if kind == "postgresql":
        names, package = ("initdb", "postgres", "psql"), "postgresql"
    else:
        names, package = ("mariadbd", "mariadb-install-db", "mariadb"), "mariadb-server"
    absent = [name for name in names if find_binary(name) is None]
    return f"{', '.join(absent)} not found: install the package {package}" if absent else None


@contextmanager
def running(kind: str, folder: Path) -> Iterator[Server]:
    """Start a server of a kind in a folder; end it afterwards.

    Somebody else may take a free port before the server listens on it: then another is tried.
    """
    starter = _postgresql if kind == "postgresql" else _mariadb
    for attempt in range(_ATTEMPTS):
        place = folder / f"server-{attempt}"
        place.mkdir(parents=True)
        with ExitStack() as stack:
            try:
                server = stack.enter_context(starter(place))
            except NotStartedError:
                if attempt == _ATTEMPTS - 1:
                    raise
                continue
            yield server
            return


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _owner() -> str | None:
    """The user to run a server as: servers refuse to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "mysql", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return None


def _give(folder: Path, owner: str | None) -> None:
    if owner is None:
        return
    user = pwd.getpwnam(owner)
    shutil.chown(folder, owner, grp.getgrgid(user.pw_gid).gr_name)
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and not parent.stat().st_mode & 0o001:
            parent.chmod(parent.stat().st_mode | 0o011)


def _spawn(command: list[str], log: Path, owner: str | None) -> subprocess.Popen[bytes]:
    with log.open("ab") as stream:
        return subprocess.Popen(
            command, stdout=stream, stderr=stream, user=owner, group=owner and _group(owner),
            extra_groups=[] if owner else None, cwd=log.parent,
        )  # fmt: skip


def _group(owner: str) -> int:
    return pwd.getpwnam(owner).pw_gid


def _setup(command: list[str], folder: Path, owner: str | None) -> None:
    process = _spawn(command, folder / "setup.log", owner)
    if process.wait(120) != 0:
        raise AssertionError((folder / "setup.log").read_text()[-2000:])


def _await(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStartedError(f"{server.kind} did not start: {log.read_text()[-2000:]}")
        try:
            server.run("select 1;")
        except AssertionError:
            time.sleep(0.1)
        else:
            return
    raise NotStartedError(f"{server.kind} did not answer: {log.read_text()[-2000:]}")


@contextmanager
def _postgresql(folder: Path) -> Iterator[Server]:
    owner, data, port = _owner(), folder / "data", free_port()
    data.mkdir()
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    for path in (folder, data, secret):
        _give(path, owner)
    _setup(
        [
            find_binary("initdb") or "initdb", "-D", str(data), "-U", "loader",
            "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--locale=C.UTF-8",
            "--no-sync",
        ],
        folder,
        owner,
    )  # fmt: skip
    secret.unlink()
    log = folder / "server.log"
    command = [
        find_binary("postgres") or "postgres", "-D", str(data), "-h", "127.0.0.1",
        "-p", str(port), "-k", "", "-c", "fsync=off", "-c", "max_wal_size=2GB",
    ]  # fmt: skip
    process = _spawn(command, log, owner)
    try:
        _await(Server("postgresql", port, folder, "postgres"), process, log)
        Server("postgresql", port, folder, "postgres").run("create database dms;")
        yield Server("postgresql", port, folder)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def _mariadb(folder: Path) -> Iterator[Server]:
    owner, data, port = _owner(), folder / "data", free_port()
    data.mkdir()
    for path in (folder, data):
        _give(path, owner)
    _setup(
        [
            find_binary("mariadb-install-db") or "mariadb-install-db", "--no-defaults",
            f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db",
        ],
        folder,
        owner,
    )  # fmt: skip
    password = PASSWORD.replace("'", "''")
    accounts = folder / "accounts.sql"
    accounts.write_text(
        "create database if not exists dms character set utf8mb4;"
        f"create user if not exists loader@'127.0.0.1' identified by '{password}';"
        "grant all on dms.* to loader@'127.0.0.1'; grant file on *.* to loader@'127.0.0.1';"
        "alter user root@localhost account lock;".replace(";", ";\n")
    )
    _give(accounts, owner)
    log = folder / "server.log"
    command = [
        find_binary("mariadbd") or "mariadbd", "--no-defaults", f"--datadir={data}",
        "--bind-address=127.0.0.1", f"--port={port}", "--socket=my.sock",
        f"--pid-file={folder / 'my.pid'}", f"--init-file={accounts}", "--local-infile=1",
        "--skip-name-resolve", "--innodb-flush-log-at-trx-commit=0",
        "--character-set-server=utf8mb4", "--default-time-zone=+08:00",
    ]  # fmt: skip
    process = _spawn(command, log, owner)
    try:
        server = Server("mariadb", port, folder)
        _await(server, process, log)
        accounts.unlink()
        yield server
    finally:
        process.terminate()
        process.wait(60)
