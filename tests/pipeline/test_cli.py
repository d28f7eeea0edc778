"""What a person reads when something is wrong: one sentence, what to do, no traceback."""

from pathlib import Path

import pytest

from pipeline.support import run_command

COMMANDS = [
    "run",
    "demo",
    "ingest",
    "build",
    "audit",
    "publish",
    "serve",
    "query",
    "token",
    "pnl",
    "status",
    "versions",
    "rollback",
    "alerts",
    "replay",
    "quality",
    "correct",
]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    done = run_command(name, "--help")
    assert done.returncode == 0
    assert f"Example: aftersales {name}" in done.stdout
    assert "--home" in done.stdout


def test_the_command_lists_all_commands() -> None:
    done = run_command("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "what", "todo"),
    [
        (["build"], "Nothing has landed", "aftersales demo"),
        (["audit"], "no finished candidate", "aftersales build"),
        (["publish"], "no finished candidate", "aftersales build"),
        (["rollback"], "Nothing is published", "aftersales run"),
        (["rollback", "v9"], "no version v9", "choose one"),
        (["serve"], "Nothing is published", "aftersales run"),
        (["query", "-m", "store_performance.revenue"], "Nothing is published", "aftersales run"),
        (["query"], "Name at least one measure", "--measure"),
        (["query", "-m", "x.y", "--from", "2025-10-01"], "without their time dimension", "--time"),
        (["query", "-m", "x.y", "--filter", "x.z"], "is not a filter", "member operator value"),
        (["quality"], "Nothing is published", "aftersales run"),
        (["pnl", "--period", "2025-10"], "Nothing is published", "aftersales run"),
        (["pnl", "--period", "october"], "is not a month", "2025-10"),
        (["token", "--role", "king"], "no role 'king'", "use one of hq"),
        (["token", "--role", "store_manager"], "at least one store", "--store"),
        (["demo", "--scale", "galaxy"], "galaxy", "nation"),
        (["demo", "--days", "9999"], "beyond the public holidays", "at most"),
        (["demo", "--legacy-stores", "99"], "99 stores cannot keep", "at most 8"),
    ],
)
def test_errors_say_what_happened_and_what_to_do(
    tmp_path: Path, arguments: list[str], what: str, todo: str
) -> None:
    done = run_command(*arguments, "--home", str(tmp_path / "home"))
    assert done.returncode == 1
    assert what in done.stderr
    assert todo in done.stderr
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
    assert done.stderr.count("✗") == 1


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    done = run_command("--debug", "build", "--home", str(tmp_path / "home"))
    assert done.returncode != 0
    assert "Traceback" in done.stderr


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("not a folder", encoding="ascii")
    done = run_command("ingest", "--home", str(blocker / "home"))
    assert done.returncode == 1
    assert str(blocker) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_pointer_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "published.json").write_text("{", encoding="ascii")
    done = run_command("status", "--home", str(tmp_path))
    assert done.returncode == 1
    assert "published.json cannot be read" in done.stderr


def test_somebody_elses_records_are_not_mixed_with_the_demo(tmp_path: Path) -> None:
    source = tmp_path / "sources" / "dms" / "stores" / "2025-10.parquet"
    source.parent.mkdir(parents=True)
    source.write_bytes(b"x")
    done = run_command("demo", "--home", str(tmp_path))
    assert done.returncode == 1
    assert "holds records that the demo did not make" in done.stderr
    assert list((tmp_path / "sources").rglob("*.parquet")) == [source]


def test_a_setting_out_of_range_is_named(tmp_path: Path) -> None:
    done = run_command(
        "status", "--home", str(tmp_path), environment={"AFTERSALES_KEPT_VERSIONS": "none"}
    )
    assert done.returncode == 1
    assert "AFTERSALES_KEPT_VERSIONS must be a whole number" in done.stderr
