"""`connect check`: each defect of a mapping is found, and a clean one is not blamed."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from aftersales.connect.check import check_connector
from aftersales.connect.checked import Report
from aftersales.demo import generate
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings
from pipeline.support import run_command

TRUTH = Path(__file__).parent / "foreign_truth.yml"


@pytest.fixture
def place(foreign: Path, home: Home) -> Path:
    """A home with the foreign database and a mapping that is right."""
    home.connectors.mkdir(parents=True)
    shutil.copy(foreign, home.connectors / "autohaus.db")
    path = home.connectors / "autohaus.yml"
    shutil.copy(TRUTH, path)
    return path


def check(path: Path, home: Home, settings: Settings, progress: Progress) -> Report:
    return check_connector(home, settings, progress, path)


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def run(path: Path, *statements: str) -> None:
    database = sqlite3.connect(path.with_name("autohaus.db"))
    with database:
        for statement in statements:
            database.execute(statement)
    database.close()


def test_a_right_mapping_has_no_finding(
    place: Path, home: Home, settings: Settings, progress: Progress
) -> None:
    report = check(place, home, settings, progress)
    assert [one.sentence for one in report.findings] == []
    assert sum(one.rows for one in report.tables) > 10_000
    assert not home.ledger.exists()


MAPPING_DEFECTS = {
    "todo": (
        "odometer_km: mileage",
        "odometer_km: {from: mileage, todo: which of two}",
        "dms.repair_orders.odometer_km is undecided (which of two)",
    ),
    "unit": ("{from: amt_total, unit: 分}", "amt_total", "look at unit"),
    "hours": ("{from: minutes_billed, unit: 分钟}", "minutes_billed", "look at unit"),
    "format": (
        'updated_at: {from: last_change, format: "%d.%m.%Y %H:%M"}',
        "updated_at: last_change",
        "would be rejected, not a timestamp",
    ),
    "code": ('"20": closed', '"21": closed', "carry a code the contract does not have (20)"),
    "key": ("labour_line_id: pos_no", "labour_line_id: mech_no", "repeat a key"),
    "null key": ("part_line_id: pos_no", "part_line_id: {absent: true}", "have none"),
    "reference": ("vehicle_id: car_no\n      customer", "vehicle_id: client_no\n      customer",
                  "point to no row of car by vehicle_id"),
    "needed": ("opened_on: {from: open_since, format: \"%d.%m.%Y\"}", "opened_on: {absent: true}",
               "rows without it are set aside"),
    "column": ("phone: mobile", "phone: handy_nr", "has no column handy_nr"),
    "table": ("- from: op_catalogue", "- from: op_list", "there is no table op_list"),
    "look-up": ("key: wo_id", "key: wo_nr", "has no column workorder.branch_no"),
}  # fmt: skip


def test_every_defect_of_the_mapping_is_an_error(
    place: Path, home: Home, settings: Settings, progress: Progress
) -> None:
    for old, new, _ in MAPPING_DEFECTS.values():
        change(place, old, new)
    report = check(place, home, settings, progress)
    said = [one.sentence for one in report.errors]
    for defect, (_, _, words) in MAPPING_DEFECTS.items():
        assert any(words in sentence for sentence in said), (defect, said)


def test_what_is_rare_in_the_source_is_a_warning(
    place: Path, home: Home, settings: Settings, progress: Progress
) -> None:
    run(
        place,
        "update workorder set payer = 'X' where rowid = 1",
        "update workorder set car_no = 'V-none' where rowid = 2",
        "update workorder set date_out = '01.01.2190 10:00' where rowid = 3",
    )
    report = check(place, home, settings, progress)
    assert report.errors == []
    said = " ".join(one.sentence for one in report.findings)
    assert "does not have (X)" in said
    assert "1 of " in said
    assert "point to no row of car by vehicle_id" in said
    assert "lie ahead of now (up to 2190-01-01 02:00:00 UTC)" in said


def test_all_that_is_undecided_is_told_at_once_and_ends_in_an_error(place: Path) -> None:
    change(place, "odometer_km: mileage", "odometer_km: {from: mileage, todo: first}")
    change(place, "plate_no: licence_plate", "plate_no: {todo: second}")
    ran = run_command("connect", "check", "autohaus", "--home", str(place.parent.parent))
    assert ran.returncode == 1
    assert "undecided (first)" in ran.stdout
    assert "undecided (second)" in ran.stdout
    assert "2 errors" in ran.stderr


def test_a_connector_that_is_not_there_is_told(
    home: Home, settings: Settings, progress: Progress
) -> None:
    with pytest.raises(AftersalesError, match=r"There is no connector .*connect new nobody"):
        check_connector(home, settings, progress, home.connectors / "nobody.yml")


def test_the_mapping_of_the_legacy_system_has_no_error(
    tmp_path: Path, settings: Settings, progress: Progress
) -> None:
    generate(tmp_path, "2", 7, 60, legacy_stores=1)
    path = tmp_path / "connectors" / "legacy_dms.yml"
    report = check(path, Home(tmp_path / "work"), settings, progress)
    # Its planted defects are rare: warnings, which the quality rules judge row by row.
    assert [one.sentence for one in report.errors] == []
    assert report.findings
