"""Stores side by side: means, classes, months, benchmarks, and the health score."""

from decimal import Decimal

import duckdb
import pytest

from aftersales.serving.server import ServerHandle
from golden import plants
from golden.cases import prove
from golden.support import Row, one, percent, rows, trend

# Case, store, per cent to the mean as stated.
AGAINST_THE_MEAN = [
    ("S3-VS-海淀店", 32),
    ("S3-VS-朝阳店", 23),
    ("S3-VS-西城店", 15),
    ("S3-VS-东城店", 4),
    ("S3-VS-丰台店", 0),
    ("S3-VS-石景山店", -5),
    ("S3-VS-通州店", -9),
    ("S3-VS-大兴店", -17),
]
MEANS = {"mean 7500": plants.SEPTEMBER, "mean 7480": plants.OCTOBER, "simple mean": plants.AUGUST}


@pytest.fixture(scope="module")
def against(served: ServerHandle) -> dict[str, dict[str, Decimal]]:
    """Per cent to the mean of the region, by store and by the mean of a month."""
    found: dict[str, dict[str, Decimal]] = {}
    for mean, month in MEANS.items():
        for row in rows(
            served,
            "store_ranking",
            ["by_store_key", "percent_to_region_mean"],
            month,
            metric_code="average_ticket",
            period_kind="month",
            region_name=plants.TICKET_REGION,
        ):
            found.setdefault(row["store_key"], {})[mean] = 100 * row["percent_to_region_mean"]
    return found


@pytest.mark.parametrize(("case_id", "stated"), AGAINST_THE_MEAN)
def test_percent_to_the_mean(
    against: dict[str, dict[str, Decimal]], case_id: str, stated: int
) -> None:
    found = against[case_id.removeprefix("S3-VS-")]
    # All eight hold against 7,480.
    assert round(found["mean 7480"]) == stated
    prove(case_id, stated=stated, found=found)


def test_only_one_kind_of_mean_agrees_with_all_eight(
    served: ServerHandle, against: dict[str, dict[str, Decimal]]
) -> None:
    spread = {
        mean: one(
            served,
            "metric_dispersion",
            ["weighted_mean", "simple_mean", "compared_stores"],
            month,
            metric_code="average_ticket",
            scope_key=plants.TICKET_REGION,
            group_kind="all",
            period_kind="month",
        )
        for mean, month in MEANS.items()
    }
    assert {row["compared_stores"] for row in spread.values()} == {8}
    assert {row["simple_mean"] for row in spread.values()} == {Decimal("7881.25")}
    prove(
        "S3-MEAN",
        stated=7500,
        found={
            "weighted so that it is 7500": spread["mean 7500"]["weighted_mean"],
            "weighted by visits": spread["mean 7480"]["weighted_mean"],
            "simple": spread["simple mean"]["weighted_mean"],
        },
    )
    wrong = {
        mean: {
            case_id.removeprefix("S3-VS-")
            for case_id, stated in AGAINST_THE_MEAN
            if round(against[case_id.removeprefix("S3-VS-")][mean]) != stated
        }
        for mean in MEANS
    }
    assert wrong["mean 7480"] == set()
    assert wrong["mean 7500"] == {"海淀店"}
    assert len(wrong["simple mean"]) == 8


def pooled(served: ServerHandle, month: str, group_kind: str) -> dict[str, Row]:
    """NPS of groups of the 25 stores."""
    found = rows(
        served,
        "metric_dispersion",
        ["by_group_code", "weighted_mean", "compared_stores"],
        month,
        metric_code="nps",
        scope_key=plants.CLASS_REGION,
        group_kind=group_kind,
        period_kind="month",
    )
    return {row["group_code"]: row for row in found}


def test_nps_of_classes_is_pooled(served: ServerHandle) -> None:
    classes = pooled(served, plants.OCTOBER, "store_class")
    assert {name: int(row["compared_stores"]) for name, row in classes.items()} == {
        "A": 5,
        "B": 10,
        "C": 7,
        "D": 3,
    }
    assert {name: row["weighted_mean"] for name, row in classes.items()} == {
        "A": 78,
        "B": 68,
        "C": 58,
        "D": 45,
    }
    whole = pooled(served, plants.OCTOBER, "all")["all"]
    groups = pooled(served, plants.OCTOBER, "comparison_group")
    prove("S4-STORES", stated=25, found=whole["compared_stores"])
    prove("S4-NPSSTORE", stated=65, found=whole["weighted_mean"])
    prove("S4-OLD", stated=72, found=groups["established"]["weighted_mean"])
    prove("S4-NEW", stated=55, found=groups["developing"]["weighted_mean"])


def test_old_at_72_and_new_at_55_make_65(served: ServerHandle) -> None:
    groups = pooled(served, plants.SEPTEMBER, "comparison_group")
    assert {name: row["weighted_mean"] for name, row in groups.items()} == {
        "established": 72,
        "developing": 55,
    }
    whole = pooled(served, plants.SEPTEMBER, "all")["all"]
    prove("S4-OLDNEW", stated=65, found=whole["weighted_mean"])


def test_five_new_stores_at_58_do_not_make_65(served: ServerHandle) -> None:
    prove(
        "S4-LI",
        stated=65,
        found={
            "5 new stores": pooled(served, plants.AUGUST, "all")["all"]["weighted_mean"],
            "7 new stores": pooled(served, plants.JULY, "all")["all"]["weighted_mean"],
        },
    )


def test_nps_by_month(served: ServerHandle) -> None:
    months = (plants.JULY, plants.AUGUST, plants.SEPTEMBER, plants.OCTOBER)
    found = [trend(served, plants.TREND_STORE, "nps", month) for month in months]
    assert [row["metric_value"] for row in found] == [70, 67, 65, 62]
    assert found[0]["change"] is None
    prove("S4-NPSM", stated=[-3, -2, -3], found=[row["change"] for row in found[1:]])
    assert [row["year_change"] for row in found] == [3, 1, -1, -5]
    prove("S4-OCT", stated=65, found=found[-1]["metric_value"])
    # "-3, -2, -3": the fall of October is the third, and bigger than the one before.
    judged = rows(
        served,
        "metric_trends",
        ["by_trend_phase", "falling_streak"],
        plants.OCTOBER,
        metric_code="nps",
        store_key=plants.TREND_STORE,
        period_kind="month",
    )
    assert judged == [{"trend_phase": "worsens_faster", "falling_streak": 3}]


def test_gaps_of_shares_are_points(served: ServerHandle) -> None:
    found = rows(
        served,
        "benchmark_gaps",
        ["by_metric_code", "benchmark_gap", "benchmark_gap_rate"],
        plants.OCTOBER,
        scope_kind="region",
        scope_key=plants.HEALTH_REGION,
        benchmark_scope="leading_region",
    )
    # Revenue per customer has no value by region, since customers do not add up: its gap is asked
    # of a planted row, with the other worked comparisons of the API.
    prove(
        "S4-BM",
        stated=[-10, -14, -10, -200],
        found={
            row["metric_code"]: [row["benchmark_gap"], percent(row["benchmark_gap_rate"])]
            for row in found
        },
        partly=True,
    )
    assert len(found) == 3


def test_the_health_score_of_the_rule_sets_in_use(
    served: ServerHandle, warehouse: duckdb.DuckDBPyConnection
) -> None:
    scores = {
        row["rule_set_code"]: (row["health_score"], row["colour"])
        for row in rows(
            served,
            "health_scores",
            ["by_rule_set_code", "by_colour", "health_score"],
            plants.OCTOBER,
            scope_kind="region",
            scope_key=plants.HEALTH_REGION,
            part_code="total",
        )
    }
    assert {colour for _, colour in scores.values()} == {"red"}
    # The other readings are pinned by the unit tests; these two are in use.
    prove(
        "S4-HEALTH",
        stated=69,
        found={
            "absolute, 5 in 60, point 75": scores["requirement"][0],
            "relative, 5 in 80, band": scores["relative_band"][0],
        },
        partly=True,
    )
    items = warehouse.execute(
        "select score, gap_percent from marts.fct_score_items where rule_set_code = 'requirement' "
        "and scope_kind = 'region' and scope_key = ? and month_start_on = ? order by item_order",
        [plants.HEALTH_REGION, plants.OCTOBER],
    ).fetchall()
    assert [score for score, _ in items] == [80, 80, 60, 60, 80, 80]
    prove("S4-HEALTHREL", stated=None, found=[gap for _, gap in items])
