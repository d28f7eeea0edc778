"""Amounts and quantities compared with themselves over time.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectStockToChangeByItsMovements(ExpectNoRows):
    """Stock changes by its movements from one day to the next."""

    rule_id: ClassVar[str] = "stock_differs_from_movements"


class ExpectStatementsToEqualTheLedger(ExpectNoRows):
    """By month and account, the cost of all stores in the statement is that of the ledger."""

    rule_id: ClassVar[str] = "pnl_differs_from_ledger"


class ExpectOneTargetBasisPerMonth(ExpectNoRows):
    """The targets of a metric in a month stand on one basis."""

    rule_id: ClassVar[str] = "target_basis_mixed"


class ExpectPartsOfATargetToAddUp(ExpectNoRows):
    """The parts of a store's revenue target add up to it."""

    rule_id: ClassVar[str] = "target_parts_differ"


class ExpectRevenuePerOrderLikeOtherMonths(ExpectNoRows):
    """A store's revenue per order stays within a factor of its own months."""

    rule_id: ClassVar[str] = "store_month_revenue_unusual"
