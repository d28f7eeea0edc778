"""`connect new`: what it writes, what it refuses, and that nothing undecided is ever loaded."""

import sqlite3
from pathlib import Path

import pytest
import yaml

from aftersales.connect.new import Written, connect_new
from aftersales.connectors.load import load_connector
from aftersales.connectors.spec import Connector
from aftersales.contract import RawTable
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings

Contract = dict[tuple[str, str], RawTable]


def asked(home: Home, kind: str = "sqlite", name: str = "autohaus", **place: str) -> Connector:
    path = home.connectors / f"{name}.yml"
    return Connector(name, path, kind, "steward", dict(place), (), "Asia/Shanghai")


@pytest.fixture(scope="module")
def written(
    foreign: Path,
    tmp_path_factory: pytest.TempPathFactory,
    settings: Settings,
    progress: Progress,
) -> Written:
    home = Home(tmp_path_factory.mktemp("written"))
    return connect_new(home, settings, progress, asked(home, path=str(foreign)))


def test_the_files_say_what_is_mapped_what_is_open_and_what_that_costs(written: Written) -> None:
    document = yaml.safe_load(written.connector.read_text(encoding="utf-8"))
    orders = next(one for one in document["tables"] if one["feeds"] == "dms.repair_orders")
    assert orders["keys"] == ["store_id", "repair_order_no"]
    assert orders["cursor"]["column"] == "updated_at"
    assert orders["columns"]["vehicle_id"]["from"] == "car_no"
    assert orders["columns"]["advisor_id"]["absent"] is True
    assert "todo" in orders["columns"]["status"]
    assert orders["columns"]["status"]["values"] == {"20": "?", "10": "?", "90": "?"} or set(
        orders["columns"]["status"]["values"]
    ) == {"10", "20", "90"}
    text = written.document.read_text(encoding="utf-8")
    for line in (
        "**workorder** → `dms.repair_orders.status`",
        "| `vin` | `chassis_no` | mapped |",
        "- `dms.bay_occupancy`",
        "Bay utilisation",
        "Net promoter score",
    ):
        assert line in text, line
    ready, _, wanting = text.partition("cannot be computed**, by what is missing")
    assert "Bay utilisation" in wanting
    assert "Bay utilisation" not in ready.partition("have all they need")[2]
    # A part may be lost without anybody writing it down: the revenue is less exact, not unknown.
    assert "产值 Revenue" in ready.partition("less exactly")[2]


def test_what_is_undecided_is_never_loaded(written: Written, contract: Contract) -> None:
    with pytest.raises(AftersalesError, match=r"undecided .*decide it and remove todo"):
        load_connector(written.connector, contract)


def test_nothing_is_overwritten_unless_asked(
    foreign: Path, home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    home.connectors.mkdir(parents=True)
    document = home.connectors / "autohaus.md"
    document.write_text("mine", encoding="utf-8")
    with pytest.raises(AftersalesError, match="is there already"):
        connect_new(home, settings, progress, asked(home, path=str(foreign)))
    assert document.read_text(encoding="utf-8") == "mine"
    branches = tmp_path / "branches.csv"
    branches.write_text("门店编号,门店名称,城市\nS1,一店,北京\nS2,二店,上海\n", encoding="utf-8")
    again = asked(home, "csv", folder=str(tmp_path))
    connect_new(home, settings, progress, again, force=True)
    assert document.read_text(encoding="utf-8") != "mine"


@pytest.mark.parametrize(
    ("kind", "name", "place", "words"),
    [
        ("oracle", "x", {"path": "a.db"}, "kind: 'oracle' is not one of"),
        ("oracle", "x", {}, "kind: 'oracle' is not one of"),
        ("sqlite", "x", {}, "kind sqlite needs path"),
        ("sqlite", "x", {"path": "/nowhere/a.db"}, "there is no file"),
        ("csv", "x", {"folder": "/nowhere"}, "there is no folder"),
        ("sqlite", "X-1", {"path": "a.db"}, "use small letters, digits and _ only"),
        ("postgresql", "x", {"host": "h", "database": "d"}, "needs user_env"),
        (
            "postgresql",
            "x",
            {"host": "h", "database": "d", "user_env": "NO_SUCH_USER"},
            "the environment variable NO_SUCH_USER is not set",
        ),
    ],
)
def test_a_mistake_is_one_sentence(
    home: Home, settings: Settings, progress: Progress, kind: str, name: str,
    place: dict[str, str], words: str,
) -> None:  # fmt: skip
    with pytest.raises(AftersalesError) as error:
        connect_new(home, settings, progress, asked(home, kind, name, **place))
    assert words in str(error.value)
    assert not (home.connectors / f"{name}.yml").exists()


def test_a_source_of_something_else_is_told(
    home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    path = tmp_path / "weather.db"
    with sqlite3.connect(path) as database:
        database.execute("create table rain (millimetre real, wind text)")
        database.executemany("insert into rain values (?, ?)", [(i / 7, "west") for i in range(50)])
    with pytest.raises(AftersalesError, match="looks like one we know"):
        connect_new(home, settings, progress, asked(home, path=str(path)))


def test_a_folder_of_files_with_chinese_headers(
    home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    folder = tmp_path / "导出"
    folder.mkdir()
    rows = "".join(
        f"K{i},张三,1380000{i:04},个人,2025-01-{i % 28 + 1:02} 09:00:00\n" for i in range(60)
    )
    text = "客户导出表\n客户编号,客户名称,手机,客户类型,修改时间\n" + rows
    (folder / "客户_2025-01.csv").write_bytes(text.encode("gb18030"))
    (folder / "客户_2025-02.csv").write_bytes(text.replace("K", "L").encode("gb18030"))
    written = connect_new(home, settings, progress, asked(home, "csv", folder=str(folder)))
    document = yaml.safe_load(written.connector.read_text(encoding="utf-8"))
    (table,) = document["tables"]
    assert (table["files"], table["feeds"]) == ("客户*.csv", "dms.customers")
    columns = {name: one.get("from") for name, one in table["columns"].items()}
    assert columns == {
        "customer_id": "客户编号",
        "store_id": None,
        "customer_name": "客户名称",
        "phone": "手机",
        "customer_kind": "客户类型",
        "created_at": None,
        "updated_at": "修改时间",
    }
    assert table["columns"]["customer_kind"]["values"] == {"个人": "person"}


def test_a_unit_in_the_name_of_a_column_is_taken(
    home: Home, settings: Settings, progress: Progress, tmp_path: Path
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    rows = "".join(f"W{i},S1,V{i},{0.2 + i / 1000:.3f},{i % 3 + 1}\n" for i in range(60))
    text = "工单号,门店编号,车辆编号,总金额(万元),天\n" + rows
    (folder / "工单.csv").write_text(text, encoding="utf-8")
    written = connect_new(home, settings, progress, asked(home, "csv", folder=str(folder)))
    document = yaml.safe_load(written.connector.read_text(encoding="utf-8"))
    total = document["tables"][0]["columns"]["total_amount"]
    # By its three decimals it would be 千元.
    assert (total["from"], total["unit"]) == ("总金额(万元)", "万元")
    assert "todo" not in total
