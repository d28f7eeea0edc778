"""Rules that learn the normal: silent on a clean year and near misses, awake for incidents."""

from pathlib import Path

import pytest
from benchmarks.normal import KINDS, MODEL, Figures, judge

from aftersales.alerts.shadow import compile_models
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from quality.support import Company

ALWAYS_FOUND = ("missing_day", "doubled", "landed_twice", "new_code", "nulls", "in_wan")


@pytest.fixture(scope="module")
def figures(clean_company: Company, tmp_path_factory: pytest.TempPathFactory) -> Figures:
    home = Home(Path(tmp_path_factory.mktemp("normals")))
    home.logs.mkdir(parents=True)
    models = compile_models(home, Settings(), Progress(), [MODEL])
    return judge(clean_company.database, models)


def test_a_clean_year_gives_next_to_no_alarm(figures: Figures) -> None:
    alarms = sum(count for rule, count in figures.clean.items() if rule != "reference")
    assert figures.store_months > 20
    assert alarms <= 0.1 * figures.store_months
    assert figures.clean["reference"] > alarms


@pytest.mark.parametrize("kind", ALWAYS_FOUND)
def test_an_incident_is_found(figures: Figures, kind: str) -> None:
    planted, found, _ = figures.found[kind]
    assert planted > 3
    assert found >= planted - (1 if kind == "doubled" else 0)


def test_most_half_days_are_found(figures: Figures) -> None:
    planted, found, _ = figures.found["half_day"]
    assert found >= 0.6 * planted


@pytest.mark.parametrize("kind", [kind for kind, _, is_incident, _ in KINDS if not is_incident])
def test_a_near_miss_is_no_alarm(figures: Figures, kind: str) -> None:
    planted, found, _ = figures.found[kind]
    assert planted > 3
    assert found == 0
