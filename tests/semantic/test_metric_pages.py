"""The dictionary as people see it: in the terminal and as a page."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aftersales.cli import app
from aftersales.docs import site
from aftersales.docs.page import Links, render_page
from aftersales.docs.site import build_site
from aftersales.home import Home
from aftersales.metrics.dictionary import Dictionary, read_dictionary
from aftersales.metrics.lineage import read_lineage
from aftersales.metrics.model import Model
from aftersales.metrics.sources import read_project
from aftersales.progress import Progress
from aftersales.settings import Settings

PROJECT = Settings().project_dir


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["metrics", *words])
    return str(result.exception) if result.exception is not None else result.output


@pytest.fixture(scope="module")
def dictionary(model: Model) -> Dictionary:
    return read_dictionary(PROJECT, model)


@pytest.fixture(scope="module")
def page(dictionary: Dictionary) -> str:
    return render_page(
        dictionary,
        read_lineage(PROJECT),
        read_project(PROJECT),
        Links("dbt/x.html", None, None, None),
    )


def test_the_list_shows_every_metric(dictionary: Dictionary) -> None:
    text = run()
    assert all(re.search(rf"^{name} ", text, re.MULTILINE) for name in dictionary.metrics)
    assert "首次修复率" in text and "First-time fix rate" in text and "certified" in text


def test_a_metric_is_explained_whole() -> None:
    text = " ".join(run("FTFR").split())
    for part in (
        "首次修复率 / First-time fix rate", "口径", "without:", "30 days", "个百分点 / pp",
        "first_time_fix_rate_strict", "fct_comebacks", "rows of dms.repair_orders",
        "good from 85 %", "fct_targets, ftfr", "aftersales query -m", "quality-management",
    ):  # fmt: skip
        assert part in text, part


def test_a_part_of_a_name_lists_what_holds_it() -> None:
    text = run("技师")
    assert "technician_productivity" in text and "orders_per_technician_day" in text


def test_what_cannot_be_computed_says_why() -> None:
    assert "没有维修中损伤客户车辆的记录" in run("事故车率")
    assert "upsell_close_rate" in run("--not-computable")


def test_an_unknown_name_gets_a_suggestion() -> None:
    assert "did you mean" in run("revenu_per_ordre")
    assert "lists them all" in run("zzzz")
    assert "No metric is like that" in run("--family", "poetry")


class Reader(HTMLParser):
    """Collects ids, links and loaded addresses of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if "id" in found:
            self.ids.append(found["id"])
        if "href" in found:
            (self.loaded if tag == "link" else self.links).append(found["href"])
        if "src" in found:
            self.loaded.append(found["src"])


def test_the_page_holds_every_metric_once_and_needs_no_network(
    page: str, dictionary: Dictionary
) -> None:
    reader = Reader()
    reader.feed(page)
    assert len(reader.ids) == len(set(reader.ids))
    assert {*dictionary.metrics, *dictionary.not_computable} <= set(reader.ids)
    assert reader.loaded == []
    assert not re.search(r"https?://", page)
    inner = {link[1:] for link in reader.links if link.startswith("#")}
    assert inner <= set(reader.ids)


def test_links_of_the_lineage_lead_to_things_dbt_documents(page: str) -> None:
    project = read_project(PROJECT)
    linked = set(re.findall(r"#!/model/model\.aftersales\.(\w+)", page))
    assert linked and linked <= project.parents.keys()
    raw = set(re.findall(r"#!/source/source\.aftersales\.(\w+\.\w+)", page))
    audit = {"audit.dq_rule_results", "audit.dq_failing_rows"}
    assert raw and raw <= audit.union(*project.raw.values())


def test_a_name_with_marks_is_escaped(model: Model) -> None:
    dictionary = read_dictionary(PROJECT, model)
    dictionary.metrics["revenue"].__dict__["definition_zh"] = "<b>产值</b>"
    text = render_page(dictionary, {}, read_project(PROJECT), Links("x", None, None, None))
    assert "&lt;b&gt;产值" in text


def test_the_site_is_built_without_a_published_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stub(home: Home, settings: Settings, progress: Progress, page: Path) -> None:
        page.write_text("dbt", encoding="utf-8")

    monkeypatch.setattr(site, "_write_dbt_docs", stub)
    home = Home(tmp_path)
    for _ in range(2):
        first = build_site(home, Settings(), Progress())
    assert first == tmp_path / "docs" / "index.html"
    assert "no version published yet" in first.read_text(encoding="utf-8")
    assert not (tmp_path / ".docs.tmp").exists()
