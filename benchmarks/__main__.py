"""`python -m benchmarks`: runs what is asked and writes docs/benchmarks.md."""

import argparse
import os
import platform
import re
import tempfile
from pathlib import Path

from aftersales.warehouse.revision import code_revision
from benchmarks import analysis, api_latency, full_build, one_more_day

REPORT = Path(__file__).parent.parent / "docs" / "benchmarks.md"
INTRODUCTION = Path(__file__).parent / "introduction.md"
_HEADING = "### "


def machine() -> str:
    """One line about where the figures come from."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return (
        f"Measured on {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}. The company is synthetic."
    )


def sections_of(text: str) -> dict[str, str]:
    """The sections of a report by what they measure: their heading up to its figures."""
    parts = re.split(f"^{_HEADING}", text, flags=re.MULTILINE)[1:]
    return {re.split(r"[,(\d]", part, maxsplit=1)[0].strip(): part.rstrip() for part in parts}


def with_new(report: str, measured: list[str], revision: str) -> str:
    """A report in which the sections just measured have taken the place of their like."""
    fresh = {
        name: f"{part}\n\nRevision `{revision}`."
        for name, part in sections_of("\n".join(measured)).items()
    }
    kept = sections_of(report) | fresh
    introduction = [INTRODUCTION.read_text(encoding="utf-8"), machine(), ""]
    return "\n".join([*introduction, *(f"{_HEADING}{part}\n" for part in kept.values())])


def main() -> None:
    """Run the benchmarks named on the command line, all by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        default=[],
        help="day, analysis, api, build, ingest (default: all but ingest)",
    )
    parser.add_argument("--day-scale", default="region", help="company of the daily increment")
    parser.add_argument("--build-scale", default="nation", help="company of the full build")
    parser.add_argument("--ingest-rows", type=int, default=2_000_000, help="rows of a table")
    parser.add_argument("--work", type=Path, help="folder for the companies (default: temporary)")
    options = parser.parse_args()
    names = options.names or ["day", "analysis", "api", "build"]
    with tempfile.TemporaryDirectory() as temporary:
        work = options.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        sections: list[str] = []
        company = work / f"day-{options.day_scale}"
        if {"day", "analysis", "api"} & set(names):
            sections += one_more_day.run(work, options.day_scale)
        if "analysis" in names:
            sections += analysis.run(company, options.day_scale, work / "analysis.log")
        if "api" in names:
            sections += api_latency.run(company)
        if "build" in names:
            sections += full_build.run(work, options.build_scale)
        if "ingest" in names:
            # The servers it starts come with the tests.
            from benchmarks import ingest

            sections += ingest.run(work, options.ingest_rows)
    report = REPORT.read_text(encoding="utf-8") if REPORT.is_file() else ""
    revision = code_revision(REPORT.parent.parent)
    REPORT.write_text(with_new(report, sections, revision), encoding="utf-8")
    print("\n".join(sections))


if __name__ == "__main__":
    main()
