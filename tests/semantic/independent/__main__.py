"""`python -m tests.semantic.independent`: recomputes every measure from landed records.

Compares with what the API answers over the published version, for the total, by store and by month,
prints what differs, and writes docs/verification.md. Ends with 1 when anything differs.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from aftersales.api import start_api
from aftersales.demo.manifest import read_manifest
from aftersales.home import Home
from aftersales.metrics.model import read_model
from aftersales.progress import Progress
from aftersales.serving.tokens import make_token, secret_of
from aftersales.settings import Settings
from aftersales.warehouse.versions import published_manifest

from .compare import Server
from .records import read_records
from .report import Company, count_company, page, print_company
from .verify import unmatched, verify

REPORT = Settings().project_dir / "docs" / "verification.md"
TOKEN_SECONDS = 4 * 3600


def make_home(root: Path, scale: str) -> Home:
    """Make a company of a scale, land, build, audit and publish it."""
    command = [sys.executable, "-m", "aftersales.cli", "run", "--no-serve", "--scale", scale]
    subprocess.run([*command, "--home", str(root)], check=True)
    return Home(root)


def name_of(home: Home) -> str:
    """The scale of a demo company, or the folder of another one."""
    demo = read_manifest(home.sources)
    return demo.scale if demo else home.root.resolve().name


def verify_home(home: Home, work: Path) -> Company:
    """Recompute and compare the published version of a home."""
    manifest = published_manifest(home)
    if manifest is None:
        raise SystemExit(f"Nothing is published in {home.root}: run `aftersales run` first.")
    work.mkdir(parents=True)
    progress = Progress()
    settings = Settings()
    model = read_model(settings.project_dir / "semantic" / "model")
    with progress.step("Read landed records by hand") as step:
        records = read_records(home.landing, manifest.batches, manifest.as_of_on, work)
        step.result = f"{records.landed_rows:,} rows"
    with records.connection, start_api(home, settings, progress, 0) as api:
        token = make_token(secret_of(home.root), "steward", [], [], TOKEN_SECONDS)
        with progress.step("Compare with the API") as step:
            orders, stores, months = count_company(records.connection)
            company = Company(
                name_of(home),
                manifest.synthetic_label or "not synthetic",
                records.landed_rows,
                orders,
                stores,
                months,
                unmatched(records.connection, model),
            )
            for result in verify(Server(api.url, token), records.connection, model):
                step.update(f"{result.view} {result.grouping}")
                company.results.append(result)
            step.result = f"{company.values:,} values, {company.difference_count} differences"
    return company


def main() -> None:
    """Verify the homes and scales that are asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.semantic.independent", description=__doc__
    )
    parser.add_argument("--home", type=Path, action="append", default=[], help="published home")
    parser.add_argument("--scale", action="append", default=[], help="make a company of this scale")
    parser.add_argument("--work", type=Path, help="folder for what is made (default: temporary)")
    parser.add_argument("--report", type=Path, default=REPORT, help="page that is written")
    options = parser.parse_args()
    scales = options.scale or ([] if options.home else ["small", "region"])
    companies = []
    with tempfile.TemporaryDirectory(prefix="independent-", dir=options.work) as temporary:
        work = Path(temporary)
        homes = [Home(root) for root in options.home]
        homes += [make_home(work / f"home-{scale}", scale) for scale in scales]
        for number, home in enumerate(homes):
            companies.append(verify_home(home, work / str(number)))
            print_company(Console(width=120), companies[-1])
    options.report.write_text(page(companies), encoding="utf-8")
    if any(not company.is_clean for company in companies):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
