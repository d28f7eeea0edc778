"""Lineage: the kept file is what the models say, and it follows columns rightly."""

import json
from pathlib import Path

import pytest

from aftersales.metrics.dictionary import Dictionary, read_dictionary
from aftersales.metrics.formulas import Column
from aftersales.metrics.lineage import (
    LINEAGE_FILE,
    Compiled,
    compile_project,
    lineage_of,
    raw_columns,
    read_lineage,
    render,
)
from aftersales.metrics.model import Model
from aftersales.metrics.sources import read_project
from aftersales.settings import Settings

PROJECT = Settings().project_dir


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_project(PROJECT)


@pytest.fixture(scope="module")
def dictionary(model: Model) -> Dictionary:
    return read_dictionary(PROJECT, model)


def test_the_kept_lineage_is_what_the_models_say(
    compiled: Compiled, dictionary: Dictionary
) -> None:
    written = (PROJECT / LINEAGE_FILE).read_text(encoding="utf-8")
    assert written == render(lineage_of(dictionary, compiled)), (
        "run python -m aftersales.metrics.lineage"
    )


def test_references_read_from_text_are_those_dbt_knows(compiled: Compiled) -> None:
    project = read_project(PROJECT)
    manifest = compiled.manifest
    named = {**manifest["nodes"], **manifest["sources"]}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        parents = [named[one] for one in node["depends_on"]["nodes"] if one in named]
        known = {one["name"] for one in parents if one["resource_type"] == "model"}
        assert project.parents[node["name"]] & known == project.parents[node["name"]] - {
            one["name"] for one in parents if one["resource_type"] != "model"
        }, node["name"]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        ("csi", {"crm.surveys.csi_score"}),
        ("appointment_show_rate", {"dms.appointments.repair_order_no"}),
        ("posted_cost", {"finance.cost_lines.amount"}),
        ("visits", {"dms.repair_orders.vehicle_id", "dms.repair_orders.opened_at"}),
        ("complaints", {"rows of crm.complaints"}),
        ("technical_compliance_rate", {"dms.ro_status_events.status"}),
        ("comeback_rate", {"seeds.thresholds.value"}),
    ],
)
def test_metrics_come_from_the_columns_one_expects(
    dictionary: Dictionary, metric: str, expected: set[str]
) -> None:
    assert expected <= set(raw_columns(dictionary.metrics[metric], read_lineage(PROJECT)))


def test_a_metric_reads_nothing_it_has_no_business_with(dictionary: Dictionary) -> None:
    found = raw_columns(dictionary.metrics["nps"], read_lineage(PROJECT))
    assert found
    systems = {one.removeprefix("rows of ").split(".")[0] for one in found}
    assert systems == {"crm", "seeds"}


def test_every_metric_but_a_count_of_checks_has_an_origin(dictionary: Dictionary) -> None:
    kept = read_lineage(PROJECT)
    without = [
        one.id
        for one in dictionary.metrics.values()
        if one.kind == "metric" and not raw_columns(one, kept)
    ]
    assert without == []


def _toy(sql: str) -> Compiled:
    """A raw table, a staging model of it, and a mart with the given SQL."""
    source = {
        "resource_type": "source", "source_name": "dms", "name": "orders", "schema": "landing",
        "identifier": "dms__orders", "columns": {"order_no": {}, "price": {}, "state": {}},
    }  # fmt: skip

    def model(name: str, schema: str, code: str, parents: list[str]) -> dict[str, object]:
        return {
            "resource_type": "model", "name": name, "alias": name, "schema": schema,
            "columns": {}, "compiled_code": code, "config": {"materialized": "table"},
            "depends_on": {"nodes": parents},
        }  # fmt: skip

    staged = "select order_no, price as amount, state from landing.dms__orders"
    return Compiled(
        {
            "sources": {"s": source},
            "nodes": {
                "m": model("fct_orders", "marts", sql, ["t"]),
                "t": model("stg_dms__orders", "staging", staged, ["s"]),
            },
        }
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select sum(amount) as total from staging.stg_dms__orders", ["dms.orders.price"]),
        (
            "with a as (select * from staging.stg_dms__orders) "
            "select sum(case when state = 'x' then amount end) as total from a",
            ["dms.orders.price", "dms.orders.state"],
        ),
        (
            "with a as (select state from staging.stg_dms__orders), "
            "b as (select state, count(*) as total from a group by state) select total from b",
            ["dms.orders.*"],
        ),
        ("select 1 as total from staging.stg_dms__orders", []),
        (
            "select amount as total from staging.stg_dms__orders "
            "union all select order_no from staging.stg_dms__orders",
            ["dms.orders.order_no", "dms.orders.price"],
        ),
    ],
)
def test_columns_are_followed_through_names_cases_counts_and_unions(
    sql: str, expected: list[str]
) -> None:
    assert list(_toy(sql).origin(Column("fct_orders", "total")).raw) == expected


def test_the_file_is_one_line_a_column(tmp_path: Path) -> None:
    lines = (PROJECT / LINEAGE_FILE).read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if not line.startswith("#")]
    assert all(json.loads(line.partition(": ")[2]).keys() == {"staging", "raw"} for line in body)
