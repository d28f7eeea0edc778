"""A certificate falls when what it covers changes, and only its owner signs again."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from aftersales.cli import app
from aftersales.errors import AftersalesError
from aftersales.metrics.certificates import (
    CERTIFICATES_FILE,
    read_certificates,
    refusal,
    sign,
)
from aftersales.metrics.dictionary import (
    Metric,
    build_dictionary,
    read_dictionary,
    read_entries,
    read_section,
)
from aftersales.metrics.model import Document, Model
from aftersales.metrics.units import read_units
from aftersales.settings import Settings

PROJECT = Settings().project_dir
MINIMUM_CERTIFIED = 40
SIGNED = read_certificates(PROJECT)["gross_margin"].version


def metric_of(
    model: Model, name: str, version: int | None = None, scope: str | None = None
) -> Metric:
    """A metric of the project's dictionary over a given model, with the committed signature."""
    entries = read_entries(PROJECT)
    entries[name]["version"] = version or entries[name]["version"]
    scopes = read_section(PROJECT, "scopes")
    if scope is not None:
        scopes[entries[name]["scope"]]["excludes_en"] = scope
    return build_dictionary(
        model, entries, scopes, read_units(PROJECT), {}, read_certificates(PROJECT), {}
    ).metrics[name]


def _member(model: Model, cube: str, name: str) -> Document:
    found: Document = next(one for one in model.cubes[cube]["measures"] if one["name"] == name)
    return found


def test_no_certified_definition_changed_without_a_new_version(model: Model) -> None:
    """A formula, unit or scope under a signature changed: raise the version, let the owner sign."""
    metrics = read_dictionary(PROJECT, model).metrics.values()
    signed = [one for one in metrics if one.certificate is not None]
    broken = [
        one.certificate_problem
        for one in signed
        if one.certificate_problem is not None
        and one.certificate is not None
        and one.version <= one.certificate.version
    ]
    assert broken == []
    assert len(signed) >= MINIMUM_CERTIFIED


def _change_formula(model: Model) -> None:
    measure = _member(model, "finance_metrics", "gross_margin")
    measure["sql"] = measure["sql"].replace("_cost_amount", "_labour_amount")


def _change_factor(model: Model) -> None:
    measure = _member(model, "finance_metrics", "gross_margin")
    measure["sql"] = measure["sql"].replace("1e0", "1e2")


def _change_column_of_a_sum(model: Model) -> None:
    _member(model, "fact_sums", "_cost_amount")["sql"] = "{CUBE}.labour_amount"


def _change_column_in_one_fact(model: Model) -> None:
    model.cubes["repair_order_lines"]["measures"].append(
        {"name": "_cost_amount", "sql": "{CUBE}.list_amount", "type": "sum", "public": False}
    )


def _add_filter(model: Model) -> None:
    _member(model, "fact_sums", "_cost_amount")["filters"] = [{"sql": "{CUBE}.order_count > 0"}]


def _change_unit(model: Model) -> None:
    _member(model, "finance_metrics", "gross_margin")["meta"]["unit"] = "times"


def _change_table(model: Model) -> None:
    model.cubes["store_days"]["sql_table"] = "marts.fct_store_month"


@pytest.mark.parametrize(
    "change",
    [
        _change_formula,
        _change_factor,
        _change_column_of_a_sum,
        _change_column_in_one_fact,
        _add_filter,
        _change_unit,
        _change_table,
    ],
)
def test_a_changed_definition_loses_its_certificate(
    model: Model, change: Callable[[Model], Any]
) -> None:
    assert metric_of(model, "gross_margin").status == "certified"
    changed = copy.deepcopy(model)
    change(changed)
    metric = metric_of(changed, "gross_margin")
    assert metric.status == "draft"
    assert metric.certificate_problem is not None
    assert "changed in" in metric.certificate_problem
    # With a new version it is a draft in good order, until its owner signs.
    renewed = metric_of(changed, "gross_margin", version=SIGNED + 1)
    assert renewed.status == "draft"
    assert renewed.certificate_problem == (
        f"gross_margin: version {SIGNED + 1} is not signed yet (version {SIGNED} is)."
    )
    signature = sign(
        "gross_margin", SIGNED + 1, "finance-controlling", "2026-02-01", renewed.fingerprints,
        renewed.certificate,
    )  # fmt: skip
    assert refusal("gross_margin", SIGNED + 1, signature, renewed.fingerprints) is None


def test_a_changed_scope_loses_its_certificate(model: Model) -> None:
    metric = metric_of(model, "gross_margin", scope="nothing at all")
    assert metric.status == "draft"


def test_better_words_keep_the_certificate(model: Model) -> None:
    polished = copy.deepcopy(model)
    measure = _member(polished, "finance_metrics", "gross_margin")
    measure["title"] = "毛利率 / Gross margin rate"
    measure["description"] = "What is left of revenue after direct cost."
    measure["meta"]["synonyms"] = ["GP %"]
    assert metric_of(polished, "gross_margin").status == "certified"


def test_another_fact_that_answers_needs_a_signature_too(model: Model) -> None:
    wider = copy.deepcopy(model)
    wider.views["first_time_fix"]["cubes"][0]["includes"].append("gross_margin")
    metric = metric_of(wider, "gross_margin")
    assert metric.status == "draft"
    assert metric.certificate_problem is not None
    assert "comebacks answers it and was not signed" in metric.certificate_problem
    # What was signed stands, so the version stays.
    assert sign(
        "gross_margin", SIGNED, "finance-controlling", "2026-02-01", metric.fingerprints,
        metric.certificate,
    ).version == SIGNED  # fmt: skip


def test_signing_a_change_without_a_new_version_is_refused(model: Model) -> None:
    changed = copy.deepcopy(model)
    _change_formula(changed)
    metric = metric_of(changed, "gross_margin")
    with pytest.raises(AftersalesError, match="raise `version`"):
        sign("gross_margin", SIGNED, "x", "2026-02-01", metric.fingerprints, metric.certificate)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what the commands read, to sign in."""
    for name in ("semantic/model", "semantic/dictionary", "seeds/metrics"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    shutil.copyfile(PROJECT / "dbt_project.yml", tmp_path / "dbt_project.yml")
    (tmp_path / "models").mkdir()
    monkeypatch.setenv("AFTERSALES_PROJECT", str(tmp_path))
    return tmp_path


def certify(*words: str) -> str:
    result = CliRunner().invoke(app, ["certify", *words, "--on", "2026-03-01"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        return str(result.exception)
    return result.output


def test_the_command_signs_for_the_owner_only(project: Path) -> None:
    (project / CERTIFICATES_FILE).unlink()
    assert "only its owner" in certify("nps", "--owner", "finance-controlling")
    assert "No metric has the id npss" in certify("npss", "--owner", "customer-experience")
    assert not (project / CERTIFICATES_FILE).exists()
    assert "Signed: nps." in certify("nps", "--owner", "customer-experience")
    written = read_certificates(project)["nps"]
    assert (written.version, written.certified_on) == (1, "2026-03-01")
    assert read_dictionary(project).metrics["nps"].status == "certified"


def test_the_command_wants_a_new_version_for_a_new_formula(project: Path) -> None:
    cube = project / "semantic/model/cubes/metrics/metric_library.yml"
    text = cube.read_text(encoding="utf-8")
    assert "1e2 * ({_promoter_count} - {_detractor_count})" in text
    cube.write_text(text.replace("1e2 * ({_promoter_count} - {_detractor_count})",
                                 "1e2 * ({_promoter_count} + {_detractor_count})"))  # fmt: skip
    assert read_dictionary(project).metrics["nps"].status == "draft"
    assert "raise `version`" in certify("nps", "--owner", "customer-experience")
    entries = project / "semantic/dictionary/satisfaction.yml"
    document = yaml.safe_load(entries.read_text(encoding="utf-8"))
    document["metrics"]["nps"]["version"] = 2
    entries.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    assert "Signed: nps." in certify("nps", "--owner", "customer-experience")
    assert read_dictionary(project).metrics["nps"].status == "certified"
