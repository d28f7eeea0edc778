"""Customers resolved by probabilities of splink (Fellegi and Sunter), to compare with the rules.

Trained on the records alone, without the answer key. Needs the extra `identity`.
"""

import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from aftersales.errors import AftersalesError

# What the rules see, a row a record: names and phones without noise, vehicles that prove something.
_RECORDS = """
create temporary table scored_records as
with ownerships as (
    select source_customer_key, vin from warehouse.marts.dim_vehicle where is_vin_valid
    union
    select 'crm:' || crm_customer_id, vin from warehouse.staging.stg_crm__vehicles
    where quarantine_rule_id is null and flag_rule_ids not like '%|crm_vin_%'
)
select
    source_customer_key as unique_id,
    any_value(name_key) as name,
    any_value(left(name_key, 1)) as surname,
    any_value(phone_digits) as phone,
    any_value(case
        when regexp_full_match(translate(phone, ' -.()+', ''), '[0-9]*[xX*]*[0-9]{3,}')
            and phone not like '%00000000'
        then regexp_replace(translate(phone, ' -.()+', ''), '^86', '')
    end) as phone_seen,
    right(phone_seen, 4) as phone_end,
    any_value(created_at) as opened_at,
    any_value((created_at + interval 8 hour)::date) as opened_on,
    list(vin order by vin) filter (where vin is not null) as vins
from warehouse.intermediate.int_customer_records
left join ownerships using (source_customer_key)
group by source_customer_key
"""
# Between two phones: other length by a digit, hidden digits, an area code instead of the prefix.
_NEAR_PHONE = """
levenshtein(phone_seen_l, phone_seen_r) <= 1
or right(phone_seen_l, 8) = right(phone_seen_r, 8)
or (left(phone_seen_l, 3) = left(phone_seen_r, 3) and phone_end_l = phone_end_r)
"""


@dataclass(frozen=True)
class Scored:
    """How splink resolved the customers at one probability."""

    probability: float
    precision: float
    recall: float
    wrong_merges: int
    seconds: float


@dataclass(frozen=True)
class Weight:
    """What splink learned that one kind of agreement is worth, in bits."""

    comparison: str
    level: str
    bits: float


def score(
    connection: duckdb.DuckDBPyConnection, pairs: str, probabilities: tuple[float, ...]
) -> tuple[list[Scored], list[Weight]]:
    """Train, predict and group; `pairs` gives precision and recall of a table `resolved`."""
    try:
        import splink.comparison_level_library as levels
        import splink.comparison_library as comparisons
        from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    except ImportError as missing:
        raise AftersalesError(
            "splink is not installed: run `uv pip install -c constraints.txt -e '.[identity]'`."
        ) from missing
    logging.getLogger("splink").setLevel(logging.ERROR)
    started = time.perf_counter()
    connection.execute(_RECORDS)
    api = DuckDBAPI(connection)
    near = levels.CustomLevel(_NEAR_PHONE, "near")
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            comparisons.CustomComparison(
                [
                    levels.NullLevel("name"),
                    levels.ExactMatchLevel("name", term_frequency_adjustments=True),
                    levels.LevenshteinLevel("name", 1),
                    levels.ElseLevel(),
                ],
                "name",
            ),
            comparisons.CustomComparison(
                [
                    levels.NullLevel("phone_seen"),
                    levels.ExactMatchLevel("phone"),
                    near,
                    levels.ElseLevel(),
                ],
                "phone_seen",
            ),
            comparisons.ArrayIntersectAtSizes("vins", [1]),
            comparisons.AbsoluteTimeDifferenceAtThresholds(
                "opened_at", input_is_string=False, metrics=["hour", "day"], thresholds=[3, 75]
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("phone"),
            block_on("vins", arrays_to_explode=["vins"]),
            block_on("name", "opened_on"),
            block_on("name", "phone_end"),
            block_on("name", "substr(phone_seen, 1, 7)"),
        ],
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(api.register("scored_records"), settings, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("phone", "name"), block_on("name", "vins", arrays_to_explode=["vins"])], 0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("phone"))
    training.estimate_parameters_using_expectation_maximisation(
        block_on("name"), record_sample_proportion=1.0
    )
    predictions = linker.inference.predict(threshold_match_probability=min(probabilities))
    trained = time.perf_counter() - started
    scored = []
    for probability in probabilities:
        grouping = time.perf_counter()
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predictions, threshold_match_probability=probability
        )
        seconds = trained + time.perf_counter() - grouping
        connection.execute(
            "create or replace temporary table resolved as "
            "select person_id, cluster_id as customer_key, unique_id as source_customer_key, "
            f"'splink' as match_rule from {clusters.physical_name} "
            "inner join persons on unique_id = persons.source_customer_key"
        )
        row = connection.execute(pairs).fetchone()
        wrong = connection.execute(
            "select count(*) from (select customer_key from resolved group by customer_key "
            "having count(distinct person_id) > 1)"
        ).fetchone()
        assert row and wrong
        scored.append(Scored(probability, row[-2], row[-1], wrong[0], seconds))
    return scored, list(_weights(linker.misc.save_model_to_json()))


def _weights(model: dict[str, Any]) -> Iterator[Weight]:
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            learned, chance = level.get("m_probability"), level.get("u_probability")
            if learned and chance:
                label = level.get("label_for_charts", level["sql_condition"])
                bits = math.log2(learned / chance)
                yield Weight(comparison["output_column_name"], label, bits)
