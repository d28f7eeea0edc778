"""Builds the site into a folder; nothing of it needs a server or the network."""

import shutil
from pathlib import Path

from aftersales.docs.page import Links, render_page
from aftersales.home import Home
from aftersales.metrics.dictionary import read_dictionary
from aftersales.metrics.lineage import read_lineage
from aftersales.metrics.sources import read_project
from aftersales.progress import Progress
from aftersales.settings import Settings
from aftersales.steward import FOLDER as STEWARD_NAME
from aftersales.warehouse.dbt_runner import DbtProject
from aftersales.warehouse.manifest import DATA_DOCS_NAME, Manifest
from aftersales.warehouse.versions import published_manifest

DBT_PAGE = Path("dbt/index.html")


def build_site(home: Home, settings: Settings, progress: Progress) -> Path:
    """Build the site into `docs` of the home, and give its first page.

    The folder is made beside and then takes the old one's place.
    """
    folder = home.root / "docs"
    new = home.root / ".docs.tmp"
    shutil.rmtree(new, ignore_errors=True)
    (new / DBT_PAGE).parent.mkdir(parents=True)
    _write_dbt_docs(home, settings, progress, new / DBT_PAGE)
    with progress.step("Write the dictionary") as step:
        version = published_manifest(home)
        data_docs = _copy_pages(home, version, DATA_DOCS_NAME, new)
        steward = _copy_pages(home, version, STEWARD_NAME, new)
        dictionary = read_dictionary(settings.project_dir)
        text = render_page(
            dictionary,
            read_lineage(settings.project_dir),
            read_project(settings.project_dir),
            Links(str(DBT_PAGE), data_docs, steward, version),
        )
        (new / "index.html").write_text(text, encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
        step.result = f"{len(dictionary.metrics)} measures"
    for problem in dictionary.problems:
        progress.warn(problem)
    return folder / "index.html"


def _write_dbt_docs(home: Home, settings: Settings, progress: Progress, page: Path) -> None:
    """Let dbt write its docs as one file. Types come from contracts: no database is asked."""
    scratch = home.work / "docs"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    dbt = DbtProject(home, settings, scratch / "empty.duckdb")
    dbt.run(progress, "Generate dbt docs", ["docs", "generate", "--static", "--empty-catalog"])
    shutil.copyfile(dbt.target_dir / "static_index.html", page)
    shutil.rmtree(scratch)


def _copy_pages(home: Home, version: Manifest | None, name: str, to: Path) -> str | None:
    """Copy pages that were written with the version; gives the link to the first of them."""
    if version is None:
        return None
    source = home.versions / version.version_id / name
    if not source.is_dir():
        return None
    shutil.copytree(source, to / name)
    return f"{name}/index.html"
