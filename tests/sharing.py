"""Companies that take long to build are built once for all workers of a test session.

`pytest -n 2` runs tests in two processes, and fixtures of a session are made in each of them. What
is made here is made by whoever asks first; others wait for it. It is for reading only: whoever
changes something takes a copy. A file that was changed all the same is an error at the end.
"""

import fcntl
import pickle
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
State = dict[Path, tuple[int, int]]


@dataclass
class Shared:
    """The folder where all workers of a session find what one of them has made."""

    folder: Path
    used: dict[str, State] = field(default_factory=dict)

    def make(self, name: str, maker: Callable[[Path], T]) -> T:
        """What a maker left in a folder and gave back, for reading; it is called at most once."""
        place, done = self.folder / name, self.folder / f"{name}.made"
        with self._alone(name):
            if not done.exists():
                shutil.rmtree(place, ignore_errors=True)
                made = maker(place)
                done.write_bytes(pickle.dumps((made, _state(place))))
            found: tuple[T, State] = pickle.loads(done.read_bytes())
        self.used[name] = found[1]
        return found[0]

    def changed(self) -> list[Path]:
        """Files that are not as their maker left them; what was added, as logs are, is no harm."""
        return [
            path
            for name, before in self.used.items()
            for path, _ in before.items() - _state(self.folder / name).items()
        ]

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _state(folder: Path) -> State:
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            stat = path.stat()
            found[path] = (stat.st_size, stat.st_mtime_ns)
    return found
