"""One writing command at a time on a home; a killed one leaves it free."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aftersales.errors import AftersalesError
from aftersales.home import Home

HOLD_LOCK = """
import sys, time
from pathlib import Path
from aftersales.home import Home
with Home(Path(sys.argv[1])).lock():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_command_is_refused_until_the_first_dies(home: Home) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK, str(home.root)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with (
            pytest.raises(AftersalesError, match=rf"process {holder.pid}\) is working"),
            home.lock(),
        ):
            pytest.fail("the lock was given twice")
        os.kill(holder.pid, signal.SIGKILL)
        holder.wait()
        with home.lock():
            assert (home.root / ".lock").read_text(encoding="ascii") == str(os.getpid())


def test_half_written_files_are_removed_with_the_lock(home: Home) -> None:
    leftovers = [
        home.root / ".published.json.tmp",
        home.ledger / ".dms.stores.2025-10.json.tmp",
        home.landing / "dms" / "stores" / ".2025-10.parquet.tmp",
        home.rejects / "dms" / "stores" / ".2025-10.parquet.tmp",
    ]
    kept = home.landing / "dms" / "stores" / "2025-10.parquet"
    for path in [*leftovers, kept]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="ascii")
    with home.lock():
        assert [path for path in leftovers if path.exists()] == []
        assert kept.exists()


def test_two_homes_do_not_meet(tmp_path: Path) -> None:
    with Home(tmp_path / "one").lock(), Home(tmp_path / "two").lock():
        pass
