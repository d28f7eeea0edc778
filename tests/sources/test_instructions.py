"""The mapping of a connector is shown column by column, and the page in the docs is true."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from aftersales.commands.connect_show import show
from aftersales.connectors.instructions import instructions
from aftersales.connectors.load import load_connector
from aftersales.connectors.spec import Connector
from aftersales.contract import load_contract
from aftersales.demo import generate
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.settings import Settings
from sources.support import connector as written

PROJECT = Settings().project_dir


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("legacy")
    generate(folder, "2", 7, 1, legacy_stores=2)
    return folder


@pytest.fixture(scope="module")
def legacy(home: Path) -> Connector:
    return load_connector(home / "connectors" / "legacy_dms.yml", load_contract(PROJECT))


def test_the_page_in_the_docs_is_that_of_the_demo_company(legacy: Connector) -> None:
    table = next(one for one in legacy.tables if one.feeds.name == "repair_orders")
    page = instructions(legacy, table).markdown()
    _, _, written_table = page.partition("| column")
    assert f"| column{written_table}" in (PROJECT / "docs" / "sources.md").read_text("utf-8")


def test_every_way_of_making_a_column_is_told(home: Path, tmp_path: Path) -> None:
    path = written(
        Home(tmp_path),
        "odd",
        kind="sqlite",
        connection={"path": "x.db"},
        tables=[
            {
                "from": "t",
                "feeds": "dms.labour_lines",
                "keys": ["labour_line_id"],
                "cursor": {"column": "created_at"},
                "only": {"lx": ["1", "2"]},
                "columns": {
                    "labour_line_id": {"from": ["a", "b"], "join": "-"},
                    "store_id": {"constant": "s1"},
                    "technician_id": {"absent": True, "note": "nobody | knows"},
                    "pay_type": {"from": "f", "values": {"1": None}, "otherwise": "reject"},
                    "service_item_code": {
                        "from": "x",
                        "values": {str(number): "y" for number in range(13)},
                        "otherwise": "null",
                    },
                    "hours_sold": {"unit": "分钟", "multiply_by": 0.5},
                    "repair_order_no": {
                        "from": "no",
                        "look_up": {"table": "orders", "key": "id", "by": "order_id"},
                    },
                    "created_at": {"from": "z", "format": "%d.%m.%Y"},
                },
            }
        ],
    )
    connector = load_connector(path, load_contract(PROJECT))
    page = instructions(connector, connector.tables[0]).markdown()
    assert page.splitlines()[:3] == [
        "### t → dms.labour_lines",
        "",
        "Key: labour_line_id. Changes by created_at. Rows whose lx is 1, 2.",
    ]
    for line in (
        "| labour_line_id | string | a + b | joined by '-' |  |",
        "| store_id | string | — | always s1 |  |",
        "| technician_id | string | — | the source has none | nobody \\| knows |",
        "| pay_type | string | f | 1 → empty, others are rejected |  |",
        "| service_item_code | string | x | 13 codes, others are empty |  |",
        "| hours_sold | numeric(8,2) | hours_sold | 分钟 → 小时; x 0.5 |  |",
        "| created_at | timestamp | z | read as %d.%m.%Y |  |",
        "| repair_order_no | string | orders.no | of the row of orders whose id is our order_id |"
        "  |",
        "| cost_amount | numeric(18,2) | cost_amount |  |  |",
    ):
        assert line in page.splitlines()


def test_the_command_shows_one_table_or_all(home: Path) -> None:
    app = typer.Typer()
    app.command()(show)
    runner = CliRunner()
    one = runner.invoke(
        app, ["legacy_dms", "--home", str(home), "--table", "gdjd/*.csv", "--markdown"]
    )
    assert one.exit_code == 0
    assert "| status | string | the step's name | arrived, opened," in one.output
    assert "| event_at | timestamp | dcsj, jdsj," in one.output
    everything = runner.invoke(app, ["legacy_dms", "--home", str(home)])
    assert everything.exit_code == 0
    assert "dms.clock_events" in everything.output
    for arguments, said in (
        (["legacy_dms", "--table", "nope"], "feeds no table nope: take one of stores"),
        (["nope"], "There is no connector nope in"),
    ):
        failed = runner.invoke(app, [*arguments, "--home", str(home)])
        assert isinstance(failed.exception, AftersalesError)
        assert said in str(failed.exception)
