"""The second brand's records lie in a system of another shape, all of them, and only there."""

from pathlib import Path

import duckdb
import pytest

from aftersales.company import Company, ensure_company
from aftersales.demo import generate
from aftersales.demo.extracts import TABLES
from aftersales.demo.legacy.writer import STORE_TABLES
from aftersales.demo.legacy.writer import TABLES as LEGACY_TABLES
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from demo.support import digests

SCALE, SEED, DAYS = "2", 3, 31


def legacy_digests(home: Path) -> dict[str, str]:
    """Digest of each file of the legacy system."""
    return {
        path.relative_to(home).as_posix(): str(hash(path.read_bytes()))
        for path in sorted((home / "legacy").glob("*/*"))
    }


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("plain")
    generate(home, SCALE, SEED, DAYS)
    return home


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("split")
    generate(home, SCALE, SEED, DAYS, legacy_stores=1)
    return home


def test_only_the_dms_of_the_chosen_store_moves(plain: Path, split: Path) -> None:
    before, after = digests(plain / "sources"), digests(split / "sources")
    assert before.keys() == after.keys()
    moved = {path.split("/")[1] for path in before if before[path] != after[path]}
    assert moved == STORE_TABLES
    assert all(path.startswith("dms/") for path in before if before[path] != after[path])
    stores = duckdb.sql(f"select distinct store_id from '{split}/sources/dms/stores/*.parquet'")
    assert stores.fetchall() == [("S002",)]
    for name in ("defects", "persons", "comeback_causes", "churn_causes"):
        path = f"answer_key/{name}.parquet"
        assert (plain / path).read_bytes() == (split / path).read_bytes()


def test_the_legacy_system_has_other_words(split: Path) -> None:
    orders = (split / "legacy" / "wxgd" / "2024-11.csv").read_text("gb18030")
    head, first = orders.splitlines()[:2]
    assert head.startswith("gdh,mdbh,clbh,khbh,fwgw,yybh,lyfs,gdlx,gzxt,fkf,")
    assert first.startswith("RO241101-001,M1,")
    assert "appointment" not in orders and "customer" not in orders
    assert {path.name for path in (split / "legacy").iterdir()} == set(LEGACY_TABLES)


def test_one_more_day_adds_files_and_changes_none(split: Path, tmp_path: Path) -> None:
    home, progress = Home(tmp_path / "home"), Progress()
    ensure_company(home, Company(SCALE, SEED, DAYS, 1), progress)
    assert legacy_digests(home.root) == legacy_digests(split)
    before = {**legacy_digests(home.root), **digests(home.sources)}
    connector = home.connectors / "legacy_dms.yml"
    connector.write_text(connector.read_text("utf-8") + "# ours\n", "utf-8")
    ensure_company(home, Company(days=DAYS + 1), progress)
    after = {**legacy_digests(home.root), **digests(home.sources)}
    assert {path: after[path] for path in before} == before
    added = after.keys() - before.keys()
    assert all("2024-12-02." in path for path in added)
    assert len([path for path in added if not path.startswith("legacy/")]) == len(TABLES)
    assert "legacy/wxgd/2024-12-02.csv" in added
    # The connector is the user's once it is there.
    assert connector.read_text("utf-8").endswith("# ours\n")
    with pytest.raises(AftersalesError, match="1 stores in the legacy system"):
        ensure_company(home, Company(legacy_stores=2), progress)


def test_more_stores_than_there_are_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AftersalesError, match="3 stores cannot keep"):
        generate(tmp_path, SCALE, SEED, 1, legacy_stores=3)
