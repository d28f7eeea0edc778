"""Three kills for each server; `kill_test.py --moments 30` is the long form."""

import random
from pathlib import Path

from sources.kill_test import kill_at_random_moments
from sources.servers import Server


def test_killed_runs_lose_nothing_and_land_nothing_twice(server: Server, tmp_path: Path) -> None:
    verdict = kill_at_random_moments(server, tmp_path, 3, random.Random(3), is_quiet=True)
    assert verdict.kills == 3
    assert verdict.is_good, verdict
