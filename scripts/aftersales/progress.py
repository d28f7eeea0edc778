"""What a person sees while a command works: each long step by name, with the time it took."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape

_REMINDER_SECONDS = 15.0


@dataclass
class Progress:
    """Prints to stderr, so that a command's results on stdout can be piped."""

    console: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))
    timings: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator["Step"]:
        """Show a step while it runs and its time when it ends."""
        started = time.monotonic()
        if self.console.is_terminal:
            with self.console.status(escape(name)) as status:
                step = Step(name, lambda text: status.update(escape(f"{name}: {text}")))
                yield step
        else:
            step = Step(name, self._reminder(name, started))
            yield step
        seconds = time.monotonic() - started
        self.timings[name] = round(seconds, 3)
        result = f": {step.result}" if step.result else ""
        self.console.print(
            f"[green]✓[/] {escape(name + result)} [dim]({seconds:.1f} s)[/]", soft_wrap=True
        )

    def _reminder(self, name: str, started: float) -> Callable[[str], None]:
        last = started

        def remind(text: str) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _REMINDER_SECONDS:
                last = now
                line = f"  {escape(name)}: {escape(text)} ({now - started:.0f} s)"
                self.console.print(line, soft_wrap=True)

        return remind

    def note(self, text: str) -> None:
        """Say something a person should know."""
        self.console.print(f"[dim]·[/] {escape(text)}", soft_wrap=True)

    def warn(self, text: str) -> None:
        """Say something a person should act on."""
        self.console.print(f"[yellow]![/] {escape(text)}", soft_wrap=True)


@dataclass
class Step:
    """One running step: `update` shows where it is, `result` is shown when it ends."""

    name: str
    update: Callable[[str], None]
    result: str = ""


def fail(text: str) -> None:
    """Print the one sentence of a failure."""
    Console(stderr=True, highlight=False).print(f"[red]✗[/] {escape(text)}", soft_wrap=True)
    sys.stderr.flush()
