"""The seed of metric versions is what dictionary and certificates say."""

import csv
import io
from dataclasses import replace

from aftersales.metrics.definitions import DEFINITIONS_FILE, render
from aftersales.metrics.dictionary import Dictionary, read_dictionary
from aftersales.metrics.model import Model
from aftersales.settings import Settings

PROJECT = Settings().project_dir


def rows_of(dictionary: Dictionary) -> dict[str, dict[str, str]]:
    return {row["metric_code"]: row for row in csv.DictReader(io.StringIO(render(dictionary)))}


def test_the_seed_is_generated_from_the_dictionary_as_it_is(model: Model) -> None:
    written = (PROJECT / DEFINITIONS_FILE).read_text(encoding="utf-8")
    dictionary = read_dictionary(PROJECT, model)
    assert written == render(dictionary), "run python -m aftersales.metrics.definitions"


def test_a_raised_version_is_a_draft_until_it_is_signed(model: Model) -> None:
    dictionary = read_dictionary(PROJECT, model)
    metric = dictionary.metrics["nps"]
    signed = rows_of(dictionary)["nps"]
    assert (signed["metric_status"], signed["certified_by"]) == ("certified", metric.owner)
    raised = replace(metric, version=metric.version + 1)
    row = rows_of(replace(dictionary, metrics={"nps": raised}))["nps"]
    assert (row["metric_version"], row["metric_status"]) == (str(metric.version + 1), "draft")
    assert row["certified_by"] == row["certified_on"] == ""


def test_every_measure_of_a_view_has_a_version(model: Model) -> None:
    known = rows_of(read_dictionary(PROJECT, model)).keys()
    assert {member.name for member in model.public_measures()} <= known
