"""What each measure of comparisons is, in columns of comparisons.sql, and what it reads."""

SCOPES = {"store": "store_key", "region": "region_name", "network": "'network'"}
SEEN = """
    create table seen (
        metric_code varchar, scope_kind varchar, scope_key varchar, period_kind varchar,
        start_on date, value double, base_value double, year_value double, is_complete boolean,
        is_known boolean, is_provisional boolean, workdays integer, base_workdays integer,
        year_workdays integer, direction varchar, is_ratio boolean, points_factor integer,
        good_from double, good_to double
    )
"""
PLACES = """
    create table places as
    select store_id as store_key, 'region' as group_kind, region_name as group_key
    from newest_stores
    union all
    select store_id, 'network', 'network' from newest_stores
    union all
    select store_key, 'peer', peer_group from peers
"""
TRENDS = {
    "metric_value": "value",
    "previous_value": "base_value",
    "last_year_value": "year_value",
    "change": "change",
    "change_rate": "change_rate",
    "change_rate_per_workday": "change_rate_per_workday",
    "year_change": "year_change",
    "year_change_rate": "year_change_rate",
    "year_change_rate_per_workday": "year_change_rate_per_workday",
    "workdays": "workdays",
    "previous_workdays": "base_workdays",
    "last_year_workdays": "year_workdays",
    "worsening_streak": "if(worsenings is null, null, least(worsenings, 12))",
    "improving_streak": "if(improvements is null, null, least(improvements, 12))",
    "falling_streak": "if(falls is null, null, least(falls, 12))",
    "rising_streak": "if(rises is null, null, least(rises, 12))",
    "trend_periods": "periods",
    "trend_slope": "slope",
}
GROUPS = ("region", "network", "peer")
RANKS = {
    "store_value": "value",
    **{f"{group}_mean": f"{group}_mean" for group in GROUPS},
    **{
        f"percent_to_{group}_mean": f"if({group}_mean > 0, value / {group}_mean - 1, null)"
        for group in GROUPS
    },
    "distance_to_region_mean": "points_factor * (value - region_mean)",
    "best_value": "best_value",
    "distance_to_best": "points_factor * (value - best_value)",
    **{f"{group}_rank": f"{group}_rank" for group in GROUPS},
    **{f"{group}_ranked_stores": f"{group}_ranked_stores" for group in GROUPS},
}
SPREADS = {
    "compared_stores": "store_count",
    "weighted_mean": "mean",
    "simple_mean": "plain_mean",
    "store_deviation": "deviation",
    "store_variation": "if(plain_mean > 0, deviation / plain_mean, null)",
    "stores_above_mean": "above",
    "stores_below_mean": "below",
    "share_above_mean": "above / nullif(store_count, 0)",
    "lowest_store_value": "lowest",
    "highest_store_value": "highest",
}
HEALTH_ITEMS = {
    "item_value": "item_value",
    "item_target": "target_low",
    "item_gap": "gap",
    "item_score": "score",
    "item_weight": "weight",
}
HEALTHS = {"health_score": "total", "health_score_weight": "scored"}
GAPS = {
    "compared_value": "value",
    "benchmark_value": "yardstick",
    "benchmark_gap": "points_factor * (value - yardstick)",
    "benchmark_gap_rate": "value / yardstick - 1",
}
