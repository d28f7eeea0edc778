"""`python -m benchmarks.questions`: asks docs/questions.yml and writes docs/questions.md.

Each command runs as a user would type it, on the version published in a home; nothing is written
when one of them fails.
"""

import argparse
import json
import shlex
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import yaml

from aftersales.api import start_api
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.warehouse.versions import published_manifest

DOCS = Path(__file__).parent.parent / "docs"
INTRODUCTION = """\
# What a regional service manager asks

Each question with the command that answers it and what it printed. {label}
Written by `make questions`, never by hand; the commands are in [questions.yml](questions.yml).
"""
_LINE_CHARACTERS = 110


def last_complete_month(as_of_on: date) -> tuple[date, date]:
    """First and last day of the newest month that is over."""
    next_day = as_of_on + timedelta(days=1)
    last_on = next_day.replace(day=1) - timedelta(days=1)
    return last_on.replace(day=1), last_on


def answer(command: str, home: Path, url: str) -> str:
    """What a command prints. Raises AftersalesError when it fails."""
    words = shlex.split(command)
    place = ["--home", str(home)]
    if words[1] in {"query", "pnl"}:
        place += ["--url", url] if words[1] == "query" else []
    done = subprocess.run(
        [sys.executable, "-m", "aftersales.cli", *words[1:], *place],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise AftersalesError(f"{command} failed: {done.stderr.strip()[-500:]}")
    return done.stdout.rstrip()


def shown(command: str) -> str:
    """A command broken into lines that fit a page."""
    lines, line = [], "$"
    for word in map(shlex.quote, shlex.split(command)):
        if len(line) + len(word) > _LINE_CHARACTERS:
            lines.append(line + " \\")
            line = "   "
        line += " " + word
    return "\n".join([*lines, line])


def main() -> None:
    """Ask every question of one home."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.questions", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path("var"), help="folder of the warehouse")
    options = parser.parse_args()
    home = Home(options.home)
    manifest = published_manifest(home)
    if manifest is None:
        raise SystemExit(f"Nothing is published in {options.home}: run `aftersales run` first.")
    first_on, last_on = last_complete_month(date.fromisoformat(manifest.as_of_on))
    quarter_from = (first_on - timedelta(days=62)).replace(day=1)
    days = {"from": first_on, "to": last_on, "quarter_from": quarter_from}
    label = f"The warehouse is as known on {manifest.as_of_on}."
    if manifest.synthetic_label:
        label += f" **Its company is synthetic** ({json.dumps(manifest.synthetic_label)})."
    parts = [INTRODUCTION.format(label=label)]
    with start_api(home, Settings(), Progress(), port=0) as server:
        for number, question in enumerate(
            yaml.safe_load((DOCS / "questions.yml").read_text(encoding="utf-8")), start=1
        ):
            parts += [f"## {number}. {question['zh']} {question['en']}", question["reading"], ""]
            for template in question["commands"]:
                command = template.format(month=f"{first_on:%Y-%m}", **days)
                printed = answer(command, options.home, server.url)
                parts += ["```console", shown(command), printed, "```", ""]
    (DOCS / "questions.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
