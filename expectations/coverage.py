"""Whether everything that should have arrived did arrive.

One class for each set rule; its query is the dbt test `tests/data/rules/<rule_id>.sql`,
everything else about it stands in the catalogue `seeds/quality/dq_rules.csv`.
"""

from typing import ClassVar

from aftersales.quality.expectations import ExpectNoRows


class ExpectEveryStoreDayToHaveArrived(ExpectNoRows):
    """A store that is usually busy on a weekday reports orders on it."""

    rule_id: ClassVar[str] = "store_day_missing"


class ExpectOrderCountsLikeTheWeeksBefore(ExpectNoRows):
    """A store-day has about as many orders as the same weekday of the four weeks before."""

    rule_id: ClassVar[str] = "order_count_unusual"


class ExpectEveryStoreToHaveReported(ExpectNoRows):
    """Every open store reported on the newest business day."""

    rule_id: ClassVar[str] = "store_not_reported"


class ExpectStockOfEveryDay(ExpectNoRows):
    """A store reports its stock every day."""

    rule_id: ClassVar[str] = "stock_day_missing"


class ExpectTargetsOfEveryStoreAndMonth(ExpectNoRows):
    """Every store has a target for every metric in every month."""

    rule_id: ClassVar[str] = "target_missing"


class ExpectFixedCostsOfEveryStoreAndMonth(ExpectNoRows):
    """A store posts every fixed cost account in every month."""

    rule_id: ClassVar[str] = "cost_account_missing"


class ExpectEverySourceRowToBeReadable(ExpectNoRows):
    """Every row of every source file could be read."""

    rule_id: ClassVar[str] = "source_row_rejected"


class ExpectLandedRowsToBeAccountedFor(ExpectNoRows):
    """Rows landed are rows clean plus rows quarantined."""

    rule_id: ClassVar[str] = "rows_not_accounted"


class ExpectOneValueInForcePerThreshold(ExpectNoRows):
    """Every limit has exactly one value in force."""

    rule_id: ClassVar[str] = "threshold_ambiguous"


class ExpectBenchmarksToBeInDate(ExpectNoRows):
    """No benchmark is past the last day it may be compared with."""

    rule_id: ClassVar[str] = "benchmark_stale"


class ExpectRowsAsUsual(ExpectNoRows):
    """What arrived last week is usual for its store."""

    rule_id: ClassVar[str] = "rows_not_as_usual"
