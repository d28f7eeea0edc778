"""Each planted pattern asks for a look, near misses and honest stores do not."""

from pathlib import Path

import pytest
from benchmarks.gaming import DETECTORS, GAMING_STORE, MODELS, GamingLooks, judge_gaming

from aftersales.alerts.shadow import compile_models
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from quality.support import Company


@pytest.fixture(scope="module")
def looks(clean_company: Company, tmp_path_factory: pytest.TempPathFactory) -> GamingLooks:
    home = Home(Path(tmp_path_factory.mktemp("gaming")))
    home.logs.mkdir(parents=True)
    models = compile_models(home, Settings(), Progress(), MODELS)
    return judge_gaming(clean_company.database, models)


def test_nobody_is_looked_at_in_a_clean_company(looks: GamingLooks) -> None:
    assert looks.judged > 300
    assert sum(looks.clean.values()) <= 0.01 * looks.judged


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_planted_pattern_asks_for_a_look(looks: GamingLooks, detector: str) -> None:
    # One number shared by the customers of one advisor is little for a whole store.
    scope = "advisor" if detector == "shared_phones" else "store"
    assert looks.planted.get((detector, scope, GAMING_STORE)) == 1
    assert looks.evidence[detector, GAMING_STORE] >= 8


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_near_miss_and_an_honest_store_do_not(looks: GamingLooks, detector: str) -> None:
    others = [
        store for found, _, store in looks.planted if found == detector and store != GAMING_STORE
    ]
    assert others == []
