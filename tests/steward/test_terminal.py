"""What `aftersales quality` prints: verdict, scorecards, backlog, one rule and how to act."""

import io

import duckdb
import pytest
from rich.console import Console

from aftersales.errors import AftersalesError
from aftersales.settings import Settings
from aftersales.steward.reading import all_rows_query, open_version
from aftersales.steward.terminal import Request, print_quality
from aftersales.warehouse.versions import database_of

from .conftest import RULE, Workplace


def shown(workplace: Workplace, request: Request) -> str:
    console = Console(file=io.StringIO(), width=160, highlight=False)
    print_quality(workplace.home, request, Settings().project_dir, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["通过（有警告）", "来源系统", "首次通过", "存量前 10 项", "责任人", "跨行规则"]),
        ("en", ["passed with warnings", "Pass at landing", "Top 10 of", "owner: ", "could be"]),
    ],
)
def test_the_standing_in_both_languages(workplace: Workplace, lang: str, words: list[str]) -> None:
    text = shown(workplace, Request(lang=lang))
    assert [word for word in words if word not in text] == []
    assert workplace.second.version_id in text.splitlines()[0]
    assert "synthetic demo company" in text
    for system in ("crm", "dms", "finance", "parts"):
        assert any(line.split()[:1] == [system] for line in text.splitlines())


def test_the_scorecard_counts_the_repair_where_it_was(workplace: Workplace) -> None:
    accounts = workplace.rows(
        workplace.second,
        "select sum(rows_landed), sum(rows_clean), sum(rows_quarantined), sum(rows_repaired) "
        "from quality.dq_row_accounting where system = 'dms' and batch_id not like '%.c%'",
    )[0]
    line = next(
        line.split()
        for line in shown(workplace, Request(lang="en")).splitlines()
        if line.split()[:1] == ["dms"]
    )
    assert [int(number.replace(",", "")) for number in line[1:5]] == list(accounts)
    assert accounts[3] == 1


def test_a_rule_lists_its_rows_with_the_query_and_the_command(workplace: Workplace) -> None:
    text = shown(workplace, Request(lang="en", rule_id=RULE))
    assert "Repair order status is a code of its list." in text
    assert "1 repaired" in text
    command = next(
        line
        for line in text.splitlines()
        if line.startswith("aftersales correct dms.repair_orders")
    )
    assert "--set COLUMN=VALUE --by NAME --reason TEXT" in command
    batch, number = command.split()[3:5]
    [(rule_id,)] = workplace.rows(
        workplace.second,
        "select quarantine_rule_id from staging.stg_dms__repair_orders "
        f"where _batch_id = '{batch}' and _row_number = {number}",
    )
    assert rule_id == RULE


def test_a_rule_of_one_store_lists_that_store_alone(workplace: Workplace) -> None:
    text = shown(workplace, Request(lang="en", rule_id="clock_off_missing", store="S001"))
    keys = [word for line in text.splitlines() for word in line.split() if word[:2] == "S0"]
    assert keys
    assert {key[:4] for key in keys} == {"S001"}


def test_a_rule_over_several_rows_has_no_row_to_correct(workplace: Workplace) -> None:
    text = shown(workplace, Request(lang="en", rule_id="survey_order_unknown"))
    assert "aftersales correct" not in text
    assert "several rows or tables" in text


@pytest.mark.parametrize(
    ("request_", "complaint"),
    [
        (Request(lang="de"), "zh or en"),
        (Request(rule_id="clock_of_missing"), "did you mean clock_off_missing"),
        (Request(store="nowhere"), "no store nowhere"),
    ],
)
def test_what_is_not_known_is_said(workplace: Workplace, request_: Request, complaint: str) -> None:
    with pytest.raises(AftersalesError, match=complaint):
        shown(workplace, request_)


def test_the_query_of_a_rule_returns_every_row_that_breaks_it(workplace: Workplace) -> None:
    database = database_of(workplace.home, workplace.second.version_id)
    with open_version(database) as reader:
        rules = [
            rule
            for rule in reader.ask("rules", rule=None)
            if rule["status"] != "PASS" and rule["rule_kind"] == "row"
        ]
    assert len(rules) > 50
    with duckdb.connect(str(database), read_only=True) as connection:
        for rule in rules:
            found = connection.execute(
                f"select count(*) from ({all_rows_query(rule)}) as found"
            ).fetchone()
            assert found == (rule["rows_failed"],), rule["rule_id"]
