"""The dictionary is complete and bilingual, and each of its rules notices its breach."""

import copy
import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from aftersales.metrics.bands import Band, read_bands
from aftersales.metrics.certificates import Certificate
from aftersales.metrics.dictionary import (
    Dictionary,
    build_dictionary,
    read_dictionary,
    read_entries,
    read_section,
)
from aftersales.metrics.formulas import columns_of, resolve
from aftersales.metrics.model import Document, Model
from aftersales.metrics.units import Units, read_units
from aftersales.settings import Settings

PROJECT = Settings().project_dir
MINIMUM_METRICS = 100
# One name, rival meanings: each pair says how it differs, in one of its two entries at least.
TICKETS = {
    "average_ticket",
    "revenue_per_order",
    "revenue_per_closed_order",
    "revenue_per_customer",
    "customer_paid_ticket",
}
RIVALS = [
    {
        "technician_productivity", "technician_efficiency", "technician_proficiency",
        "orders_per_technician_day",
    },
    {"first_time_fix_rate", "first_time_fix_rate_strict", "first_time_fix_rate_provisional"},
    {"parts_turnover", "parts_true_turnover"},
    {"absorption_rate", "full_cost_absorption_rate"},
    *({name, "average_ticket"} for name in TICKETS),
]  # fmt: skip


@dataclass
class Parts:
    """What a dictionary is built from."""

    model: Model
    entries: dict[str, Document]
    scopes: dict[str, Document]
    units: Units
    bands: dict[str, Band]
    certificates: dict[str, Certificate]
    not_computable: dict[str, Document]

    def build(self) -> Dictionary:
        return build_dictionary(
            self.model, self.entries, self.scopes, self.units, self.bands, self.certificates,
            self.not_computable,
        )  # fmt: skip


@pytest.fixture
def parts(model: Model) -> Parts:
    """The project's own parts, to break one of them."""
    return Parts(
        copy.deepcopy(model),
        read_entries(PROJECT),
        read_section(PROJECT, "scopes"),
        read_units(PROJECT),
        read_bands(PROJECT),
        {},
        read_section(PROJECT, "not_computable"),
    )


@pytest.fixture(scope="module")
def dictionary(model: Model) -> Dictionary:
    return read_dictionary(PROJECT, model)


def test_the_dictionary_has_no_faults(dictionary: Dictionary) -> None:
    assert dictionary.problems == []


def test_there_are_about_a_hundred_business_metrics(dictionary: Dictionary) -> None:
    metrics = [one for one in dictionary.metrics.values() if one.kind == "metric"]
    assert len(metrics) >= MINIMUM_METRICS
    assert {one.family for one in metrics} == {"finance", "efficiency", "quality", "satisfaction"}


def test_rivals_say_how_they_differ(dictionary: Dictionary) -> None:
    for names in RIVALS:
        for name in names:
            assert names - {name} <= dictionary.rivals_of(dictionary.metrics[name]).keys(), name


def test_a_rival_nobody_tells_apart_is_noticed(dictionary: Dictionary) -> None:
    assert "nps" not in dictionary.rivals_of(dictionary.metrics["revenue"])


def test_rivals_are_told_in_their_own_words(dictionary: Dictionary) -> None:
    formulas = [dictionary.metrics[name].formula_zh for name in sorted(TICKETS)]
    assert len(set(formulas)) == len(TICKETS)


def test_every_metric_is_of_a_mart_and_a_view(dictionary: Dictionary) -> None:
    for metric in dictionary.metrics.values():
        assert all(metric.tables.values()), metric.id
        assert all(metric.views.values()), metric.id
        assert all(metric.formulas.values()), metric.id


def test_targets_are_of_metrics_finance_knows(dictionary: Dictionary) -> None:
    with (PROJECT / "seeds/codes/code_values.csv").open(encoding="utf-8", newline="") as file:
        known = {row["code"] for row in csv.DictReader(file) if row["code_list"] == "target_metric"}
    used = [one.target for one in dictionary.metrics.values() if one.target]
    # The target of a part is named after the whole: operating_cost_rent, revenue_parts.
    wholes = {code for code in known if not any(code.startswith(f"{one}_") for one in used)}
    assert set(used) == wholes
    assert len(used) == len(set(used))


def test_bands_fit_their_metrics(dictionary: Dictionary) -> None:
    owners = {one.owner for one in dictionary.metrics.values()}
    for metric in dictionary.metrics.values():
        band = metric.band
        if band is None:
            continue
        assert band.owner in owners, metric.id
        assert band.reason, metric.id
        (good_from, good_to), (fair_from, fair_to) = band.good, band.fair
        if metric.direction == "up":
            assert good_from is not None and fair_from is not None, metric.id
        if metric.direction == "down":
            assert good_to is not None and fair_to is not None, metric.id
        for good, fair, sign in ((good_from, fair_from, 1), (good_to, fair_to, -1)):
            if good is not None and fair is not None:
                assert sign * fair <= sign * good, metric.id
        if metric.unit.is_percent:
            bounds = [x for x in (*band.good, *band.fair, band.target) if x is not None]
            assert all(0 <= x <= 1.5 for x in bounds), f"{metric.id}: a share is 0.85, not 85"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("first_time_fix_rate", ["first_time_fix_rate"]),
        ("FTFR", ["first_time_fix_rate"]),
        ("ftfr", ["first_time_fix_rate"]),
        ("客单价", ["average_ticket"]),
        ("arpu", ["revenue_per_customer"]),
        ("GMROI", ["gmroi"]),
        ("Average ticket", ["average_ticket"]),
        ("no such thing", []),
    ],
)
def test_a_metric_is_found_by_any_of_its_names(
    dictionary: Dictionary, text: str, expected: list[str]
) -> None:
    assert [one.id for one in dictionary.find(text)] == expected


def test_part_of_a_name_finds_all_that_hold_it(dictionary: Dictionary) -> None:
    found = {one.id for one in dictionary.find("首次修复率")}
    assert found == {"first_time_fix_rate"}
    assert {"first_time_fix_rate_strict", "technical_compliance_rate"} & {
        one.id for one in dictionary.find("合格")
    } == {"technical_compliance_rate"}
    assert len(dictionary.find("工位")) > 2


def test_a_formula_is_followed_to_columns_and_filters(model: Model) -> None:
    formula = resolve(model, "comebacks", "comeback_rate")
    assert "FILTER (WHERE dim_date.is_comeback_mature = TRUE)" in formula
    assert [str(one) for one in columns_of(formula)] == [
        "dim_date.is_comeback_mature",
        "fct_comebacks.has_comeback",
    ]
    assert not re.search(r"\{", formula)


def test_every_formula_is_written_out(dictionary: Dictionary) -> None:
    for metric in dictionary.metrics.values():
        for cube, formula in metric.formulas.items():
            assert "{" not in formula, f"{metric.id} in {cube}: {formula}"


def _hide_measure(parts: Parts) -> None:
    parts.entries.pop("revenue")


def _entry_without_measure(parts: Parts) -> None:
    parts.entries["invented"] = dict(parts.entries["revenue"])


def _entry_without(name: str) -> Callable[[Parts], None]:
    def change(parts: Parts) -> None:
        parts.entries["revenue"][name] = ""

    return change


def _english_definition(parts: Parts) -> None:
    parts.entries["revenue"]["definition_zh"] = "Labour plus parts."


def _unknown_scope(parts: Parts) -> None:
    parts.entries["revenue"]["scope"] = "everything"


def _half_scope(parts: Parts) -> None:
    del parts.scopes["orders"]["excludes_en"]


def _unused_scope(parts: Parts) -> None:
    parts.scopes["unused"] = parts.scopes["orders"]


def _unknown_rival(parts: Parts) -> None:
    parts.entries["revenue"]["differs_from"] = {"turnover": {"zh": "不同", "en": "differs"}}


def _half_rival(parts: Parts) -> None:
    parts.entries["revenue"]["differs_from"] = {"gross_profit": {"zh": "不同", "en": ""}}


def _unknown_kind(parts: Parts) -> None:
    parts.entries["revenue"]["kind"] = "kpi"


def _unknown_field(parts: Parts) -> None:
    parts.entries["revenue"]["formel"] = "x"


def _unknown_unit(parts: Parts) -> None:
    measures = parts.model.cubes["finance_metrics"]["measures"]
    next(one for one in measures if one["name"] == "revenue")["meta"]["unit"] = "wan"


def _unknown_compound_unit(parts: Parts) -> None:
    measures = parts.model.cubes["finance_metrics"]["measures"]
    next(one for one in measures if one["name"] == "revenue")["meta"]["unit"] = "yuan_per_moon"


def _band_of_nothing(parts: Parts) -> None:
    parts.bands["nothing"] = replace(parts.bands["nps"], metric="nothing")


def _signature_of_nothing(parts: Parts) -> None:
    parts.certificates["nothing"] = Certificate(1, "x", "2026-01-01", {})


def _both_defined_and_not(parts: Parts) -> None:
    parts.not_computable["revenue"] = parts.not_computable["damage_rate"]


def _no_reason(parts: Parts) -> None:
    del parts.not_computable["damage_rate"]["reason_en"]


@pytest.mark.parametrize(
    ("breach", "message"),
    [
        (_hide_measure, "revenue: a view shows it"),
        (_entry_without_measure, "invented: the dictionary knows it"),
        (_entry_without("definition_zh"), "lacks definition_zh"),
        (_entry_without("formula_zh"), "lacks formula_zh"),
        (_entry_without("scope"), "lacks scope"),
        (_entry_without("version"), "lacks version"),
        (_english_definition, "is not Chinese"),
        (_unknown_scope, "not in scopes.yml"),
        (_half_scope, "scope orders: lacks excludes_en"),
        (_unused_scope, "scope unused: no metric uses it"),
        (_unknown_rival, "turnover, which is no other metric"),
        (_half_rival, "in one language only"),
        (_unknown_kind, "kind kpi"),
        (_unknown_field, "unknown fields formel"),
        (_unknown_unit, "unit wan is not in"),
        (_unknown_compound_unit, "unit yuan_per_moon is not in"),
        (_band_of_nothing, "nothing: seeds/metrics/metric_bands.csv"),
        (_signature_of_nothing, "nothing: signed"),
        (_both_defined_and_not, "revenue: said not to be computable"),
        (_no_reason, "damage_rate: says incompletely"),
    ],
)
def test_each_rule_of_the_dictionary_notices_its_breach(
    parts: Parts, breach: Callable[[Parts], Any], message: str
) -> None:
    assert parts.build().problems == []
    breach(parts)
    problems = parts.build().problems
    assert any(message in problem for problem in problems), problems


def test_units_tell_a_share_from_its_change() -> None:
    units = read_units(PROJECT)
    share = units.get("ratio")
    assert (share.show(0.125), share.change_en, share.change_zh) == ("12.5 %", "pp", "个百分点")
    ticket = units.get("yuan_per_visit")
    assert (ticket.zh, ticket.en) == ("元/台次", "yuan per visit")
    assert ticket.change_en == "yuan per visit"
    assert units.get("points").show(70) == "70 points"
    assert units.find("ratio_per_day") is not None
    assert units.find("parsecs") is None
