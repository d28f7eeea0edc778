"""What is proposed for two systems, counted against mappings that people wrote."""

from pathlib import Path

import pytest

from aftersales.connect.propose import ColumnProposal
from aftersales.connect.reasons import Candidate
from aftersales.connect.write import Proposal, connector_text
from aftersales.connectors.load import load_connector
from aftersales.contract import RawTable
from aftersales.demo import generate
from aftersales.home import Home
from aftersales.settings import Settings
from connect.score import propose_for, score

Contract = dict[tuple[str, str], RawTable]
TRUTH = Path(__file__).parent / "foreign_truth.yml"


def column(proposal: Proposal, raw: str, name: str) -> ColumnProposal:
    table = next(one for one in proposal.tables if one.raw.name == raw)
    return table.columns[name]


def best(proposal: Proposal, raw: str, name: str) -> Candidate:
    candidate = column(proposal, raw, name).best
    assert candidate is not None
    return candidate


def test_every_table_of_the_foreign_system_is_recognised(proposal: Proposal) -> None:
    assert {one.table.name: one.raw.name for one in proposal.tables} == {
        "branch": "stores",
        "mechanic": "technicians",
        "op_catalogue": "service_items",
        "client": "customers",
        "car": "vehicles",
        "workorder": "repair_orders",
        "wo_operation": "labour_lines",
        "wo_material": "part_lines",
    }


def test_nothing_is_mapped_wrong_unasked(proposal: Proposal, contract: Contract) -> None:
    result = score(proposal, load_connector(TRUTH, contract))
    print(result.sentence)
    assert result.wrong == []
    assert result.invented == []
    assert result.precision == 1
    assert result.coverage >= 0.9


def test_the_legacy_system_of_files_with_initials_for_names(
    tmp_path: Path, contract: Contract
) -> None:
    generate(tmp_path, "2", 7, 60, legacy_stores=1)
    truth = load_connector(tmp_path / "connectors" / "legacy_dms.yml", contract)
    result = score(propose_for(truth, Home(tmp_path / "work")), truth)
    print(result.sentence)
    assert result.precision >= 0.95
    assert result.coverage >= 0.7


def test_units_come_from_the_size_of_the_values(proposal: Proposal) -> None:
    assert best(proposal, "repair_orders", "total_amount").unit == "分"
    assert best(proposal, "labour_lines", "hours_sold").unit == "分钟"
    # A discount may have any size: it is in the unit of the amounts beside it.
    assert best(proposal, "labour_lines", "discount_amount").unit == "分"


def test_a_day_that_stands_first_is_told_by_its_format(proposal: Proposal) -> None:
    assert best(proposal, "repair_orders", "opened_at").formats == ("%d.%m.%Y %H:%M",)
    assert best(proposal, "stores", "opened_on").formats == ("%d.%m.%Y",)


def test_codes_that_nothing_explains_are_left_to_a_person(proposal: Proposal) -> None:
    status = column(proposal, "repair_orders", "status")
    assert best(proposal, "repair_orders", "status").source_column == "state"
    assert not status.is_sure
    assert "10, 20, 90" in ", ".join(sorted(status.doubt.split(": ")[1].split(";")[0].split(", ")))
    assert column(proposal, "repair_orders", "pay_type").is_sure


def test_the_store_of_a_line_is_looked_up_at_its_order(proposal: Proposal) -> None:
    store = best(proposal, "labour_lines", "store_id")
    assert store.look_up == ("workorder", "wo_id", "wo_id")
    assert store.source_column == "branch_no"


def test_reasons_stand_with_every_mapped_column(proposal: Proposal) -> None:
    for table in proposal.tables:
        for one in table.columns.values():
            assert not one.is_sure or (one.best is not None and one.best.reasons), one.name
    assert "its values have the shape of a vin" in connector_text(proposal)


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2025-01-13", "2025-02-14"], None),
        (["13/01/2025", "14/02/2025"], ["%d/%m/%Y"]),
        (["03/01/2025", "04/02/2025"], ["%d/%m/%Y", "%m/%d/%Y"]),
    ],
)
def test_day_and_month_in_unknown_order_are_not_guessed(
    tmp_path: Path, values: list[str], formats: list[str] | None
) -> None:
    from aftersales.connect import knowledge
    from aftersales.connect.catalogue import FoundTable
    from aftersales.connect.profile import profile
    from aftersales.connectors.engine import connect
    from aftersales.contract import load_contract

    settings = Settings()
    with connect(Home(tmp_path), settings) as engine:
        knowledge.teach(engine, settings.project_dir, load_contract(settings.project_dir))
        rows = ", ".join(f"('{one}')" for one in values)
        engine.execute(f"create temporary table sample_0 as select * from (values {rows}) t (day)")
        profile(engine, [FoundTable(0, "t", {}, {"day": "VARCHAR"}, len(values), True)])
        found = engine.execute("select formats, is_read_as_it_is from profiles").fetchone()
    assert found is not None
    if formats is None:
        assert found[1]
    else:
        assert found == (formats, False)
