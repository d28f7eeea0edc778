"""Totals that must add up.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectOrderTotalsToEqualTheirLines(ExpectNoRows):
    """The total on an order is the sum of its lines."""

    rule_id: ClassVar[str] = "order_total_differs_from_lines"


class ExpectSettledOrdersToHaveLines(ExpectNoRows):
    """A settled order has at least one line."""

    rule_id: ClassVar[str] = "closed_order_without_lines"


class ExpectOrderRevenueToEqualLineRevenue(ExpectNoRows):
    """By store and day, the revenue of the orders is that of their lines."""

    rule_id: ClassVar[str] = "order_revenue_differs_from_lines"


class ExpectStoreDaysToEqualTheirFacts(ExpectNoRows):
    """The daily sums of a store are the sums of the facts they are made of."""

    rule_id: ClassVar[str] = "store_day_differs_from_facts"


class ExpectStoreMonthsToEqualTheirDays(ExpectNoRows):
    """A store-month is the sum of its store-days."""

    rule_id: ClassVar[str] = "store_month_differs_from_days"


class ExpectPartsWithinTheirWholes(ExpectNoRows):
    """A part never exceeds its whole."""

    rule_id: ClassVar[str] = "part_exceeds_whole"


class ExpectNpsGroupsToAddUp(ExpectNoRows):
    """Promoters, passives and detractors add up to the scored answers."""

    rule_id: ClassVar[str] = "nps_parts_differ_from_answers"


class ExpectPartsDemandToBeAccountedFor(ExpectNoRows):
    """Parts demanded are served from the shelf, bought for the order, or lost; the three add up."""

    rule_id: ClassVar[str] = "parts_demand_split_differs"
