"""Why a measure is not recomputed from landed records here, and what proves it instead."""

QUALITY = "judges the data, not the business; proven in tests/quality"
EXPLAINED = (
    "splits a change of metrics that are compared here; recomputed from sums in tests/explain"
)
BY_HAND = "recomputed from landed records of a small company, in loops, in test_pace.py"
ALERTED = "a judgement on days of metrics that are compared here; recomputed in tests/alerts"
BRIDGED = "every order of switching the rules of a definition, in test_bridges.py"
RECONCILED = "two records against each other; recomputed from landed rows in tests/quality"
LOOKED_AT = "asks for a look at patterns; planted and found in tests/quality"
BOUNDED = "what defects could change; in the unit tests of their models and test_error_bounds.py"

REASONS = {
    "data_quality_batches": QUALITY,
    "data_quality_rows": QUALITY,
    "data_quality_rules": QUALITY,
    "metric_error_bounds": BOUNDED,
    "defect_backlog": BOUNDED,
    "definition_bridges": BRIDGED,
    "gaming_signals": LOOKED_AT,
    "reconciliations": RECONCILED,
    "reconciliation_breaks": RECONCILED,
    "metric_changes": EXPLAINED,
    "metric_contributions": EXPLAINED,
    "metric_tree_contributions": EXPLAINED,
    "forecast_backtest": BY_HAND,
    "store_gap_drivers": BY_HAND,
    "alerts": ALERTED,
    "alert_causes": ALERTED,
    "alert_actions": ALERTED,
}
