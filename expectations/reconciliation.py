"""Two records of the same thing that must agree.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectLedgerToBookInTheMonthOfClosing(ExpectNoRows):
    """The revenue of an order is booked in the month it was closed in."""

    rule_id: ClassVar[str] = "ledger_booked_in_other_month"


class ExpectLedgerToHoldEveryClosedOrder(ExpectNoRows):
    """Every closed order with revenue is in the revenue ledger."""

    rule_id: ClassVar[str] = "ledger_document_missing"


class ExpectLedgerToBookWhatOrdersBill(ExpectNoRows):
    """The ledger books what the order bills, without tax."""

    rule_id: ClassVar[str] = "ledger_amount_differs"


class ExpectLedgerToKnowOnlyClosedOrders(ExpectNoRows):
    """Every invoice in the ledger belongs to a closed order."""

    rule_id: ClassVar[str] = "ledger_order_unknown"


class ExpectSurveysToFollowClosedOrders(ExpectNoRows):
    """A survey speaks of an order that was closed before the survey was sent."""

    rule_id: ClassVar[str] = "survey_contradicts_order"
