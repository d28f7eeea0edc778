"""What `aftersales reconcile` prints: each pair by store, and the records that break one."""

import io

import pytest
from rich.console import Console

from aftersales.errors import AftersalesError
from aftersales.steward.reconcile import Asked, print_reconciliation

from .conftest import Workplace


def shown(workplace: Workplace, asked: Asked) -> str:
    console = Console(file=io.StringIO(), width=160, highlight=False)
    print_reconciliation(workplace.home, asked, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_every_pair_is_shown_with_its_stores(workplace: Workplace) -> None:
    text = shown(workplace, Asked(lang="en"))
    pairs = workplace.rows(
        workplace.second, "select distinct pair_code from marts.fct_reconciliations"
    )
    assert len(pairs) == 4
    assert [code for (code,) in pairs if f"{code}, tolerance" not in text] == []
    stores = workplace.rows(workplace.second, "select store_name from marts.dim_store")
    assert [name for (name,) in stores if name not in text] == []


def test_both_sides_are_those_of_the_table_to_the_cent(workplace: Workplace) -> None:
    text = shown(workplace, Asked(pair="orders_ledger"))
    sums = workplace.rows(
        workplace.second,
        "select stores.store_name, sum(left_value), sum(right_value) "
        "from marts.fct_reconciliations inner join marts.dim_store as stores using (store_key) "
        "where pair_code = 'orders_ledger' group by all",
    )
    assert sums
    for name, left, right in sums:
        assert any(
            line.split()[:3] == [name, f"{left:,.2f}", f"{right:,.2f}"]
            for line in text.splitlines()
        )


def test_a_pair_lists_the_records_that_break_it(workplace: Workplace) -> None:
    records = workplace.rows(
        workplace.second,
        "select record_name from marts.fct_reconciliation_breaks where pair_code = 'orders_ledger'",
    )
    text = shown(workplace, Asked(lang="en", pair="orders_ledger"))
    assert records
    assert any(name in text for (name,) in records)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(pair="nosuch"), "There is no pair 'nosuch': the pairs are orders_ledger"),
        (Asked(month="2025-13"), "'2025-13' is no month: write YYYY-MM"),
        (Asked(lang="fr"), "'fr' is not known: say zh or en"),
        (Asked(month="1999-01"), "is no month"),
    ],
)
def test_what_is_not_known_is_said(workplace: Workplace, asked: Asked, said: str) -> None:
    with pytest.raises(AftersalesError, match=said):
        shown(workplace, asked)
