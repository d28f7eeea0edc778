"""Writes the seed that tells which version of each metric is in force, and whether it is signed.

The dictionary knows the version and the certificates the signature; a row that shows a metric can
carry both only where the warehouse has them. `python -m aftersales.metrics.definitions` writes the
seed, so does `aftersales certify`, and a test says when it is stale.
"""

import csv
import io
from pathlib import Path

from aftersales.metrics.dictionary import Dictionary, Metric, read_dictionary
from aftersales.settings import Settings

DEFINITIONS_FILE = Path("seeds/metrics/metric_definitions.csv")
_COLUMNS = (
    "metric_code", "metric_version", "metric_status", "title_zh", "title_en", "certified_by",
    "certified_on", "owner", "valid_from", "valid_to",
)  # fmt: skip


def render(dictionary: Dictionary) -> str:
    """Write the seed's text: one row a metric, by its id."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(metric) for _, metric in sorted(dictionary.metrics.items()))
    return text.getvalue()


def _row(metric: Metric) -> tuple[str, ...]:
    signed = metric.certificate if metric.status == "certified" else None
    return (
        metric.id,
        str(metric.version),
        metric.status,
        metric.title_zh,
        metric.title_en,
        signed.certified_by if signed else "",
        signed.certified_on if signed else "",
        metric.owner,
        metric.valid_from,
        metric.valid_to or "",
    )


def write_definitions(project: Path) -> int:
    """Write the seed from dictionary and certificates as they stand; count its metrics."""
    dictionary = read_dictionary(project)
    path = project / DEFINITIONS_FILE
    path.write_text(render(dictionary), encoding="utf-8")
    return len(dictionary.metrics)


def main() -> None:
    """Write the seed."""
    count = write_definitions(Settings().project_dir)
    print(f"wrote {DEFINITIONS_FILE}: {count} metrics")


if __name__ == "__main__":
    main()
