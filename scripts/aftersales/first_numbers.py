"""The first numbers: a few measures of every store, asked of the API as any client would."""

from datetime import date, timedelta
from pathlib import Path

from rich.console import Console

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.questions import TimeRange, make_question
from aftersales.serving.client import Answer, curl_line, query
from aftersales.serving.tokens import make_token, secret_of
from aftersales.tables import merge_answers, print_answer
from aftersales.warehouse.manifest import DATA_DOCS_NAME, Manifest
from aftersales.warehouse.versions import published_manifest

# Long enough for the 30 days in which a repair can come back to have passed for most of it.
_DAYS = 90
_STORES = ["store_key", "store_name"]
_PERFORMANCE = [
    "revenue",
    "visits",
    "average_ticket",
    "first_time_fix_rate",
    "nps",
    "csi",
    "bay_utilisation",
]
_ORDERS = ["customer_wait_p95"]


def print_first_numbers(home: Home, url: str, progress: Progress) -> None:
    """Print the table, where it comes from, and a line to ask more with."""
    manifest = published_manifest(home)
    if manifest is None:
        raise AftersalesError(f"Nothing is published in {home.root}: run `aftersales run` first.")
    until = date.fromisoformat(manifest.as_of_on)
    since = until - timedelta(days=_DAYS - 1)
    token = make_token(secret_of(home.root), "hq")
    with progress.step("Ask the API for first numbers"):
        performance = _ask(url, token, "store_performance", _PERFORMANCE, (since, until))
        orders = _ask(url, token, "service_orders", _ORDERS, (since, until))
    console = Console(highlight=False, soft_wrap=True)
    label = f", {manifest.synthetic_label}" if manifest.synthetic_label else ""
    console.print(f"\n{since} to {until} ({_DAYS} days{label})")
    print_answer(merge_answers(performance, orders, on="store_key"), without=("store_key",))
    for reason in _reasons(url, token):
        console.print(f"–  {reason}", markup=False)
    question = make_question(
        ["store_performance.revenue"],
        ["store_performance.store_name"],
        [],
        TimeRange("store_performance.business_on", str(since), str(until)),
    )
    console.print(f"\nversion  {performance.version or manifest.version_id}")
    console.print(f"verdict  {manifest.verdict}, see {_data_docs(home, manifest)}", markup=False)
    console.print(f"API      {url}")
    console.print(f"try      {curl_line(url, token, question)}\n", markup=False)


def _reasons(url: str, token: str) -> list[str]:
    """Why a number of the table is missing or stands for some stores only."""
    view = "metric_availability"
    question = make_question(
        [],
        [f"{view}.{name}" for name in ("metric_code", "reason_zh", "reason_en")],
        [
            f"{view}.scope_kind equals network",
            f"{view}.metric_code equals {','.join(_PERFORMANCE)}",
            f"{view}.reason_en set",
        ],
        TimeRange(),
    )
    rows = query(url, token, {**question, "order": {f"{view}.metric_code": "asc"}}).rows
    return [
        f"{row[f'{view}.metric_code']}: {row[f'{view}.reason_zh']} / {row[f'{view}.reason_en']}"
        for row in rows
    ]


def _data_docs(home: Home, manifest: Manifest) -> Path:
    return home.versions / manifest.version_id / DATA_DOCS_NAME / "index.html"


def _ask(url: str, token: str, view: str, measures: list[str], days: tuple[date, date]) -> Answer:
    question = make_question(
        [f"{view}.{name}" for name in measures],
        [f"{view}.{name}" for name in _STORES],
        [],
        TimeRange(f"{view}.business_on", str(days[0]), str(days[1])),
    )
    return query(url, token, {**question, "order": {f"{view}.store_key": "asc"}})
