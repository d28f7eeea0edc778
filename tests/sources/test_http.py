"""Pages of JSON over HTTP: every way of paging, only what is new, no token elsewhere."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from aftersales.home import Home
from aftersales.landing.ingest import IngestSummary, ingest
from aftersales.progress import Progress
from aftersales.settings import Settings
from sources.support import connector, landed_batches, landed_rows, said_by

TOKEN = "tok-Planted/Secret+1"
PAGE = 4


class Service(ThreadingHTTPServer):
    """A survey service on loopback."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.records = [survey(number) for number in range(10)]
        self.asked: list[dict[str, list[str]]] = []
        self.tokens: list[str | None] = []
        self.elsewhere = ""
        self.busy = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def log_message(self, *_: Any) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        self.server.asked.append(query)
        self.server.tokens.append(self.headers.get("Authorization"))
        if self.server.busy:
            self.server.busy -= 1
            self.send_response(503)
            self.end_headers()
            return
        since = query.get("since", [""])[0].removesuffix("Z")
        records = [one for one in self.server.records if one["updated_at"] >= since]
        self._answer(parts.path, query, records)

    def _answer(self, path: str, query: dict[str, list[str]], records: list[Any]) -> None:
        headers: dict[str, str] = {}
        start = int(query.get("offset", ["0"])[0]) + PAGE * (int(query.get("page", ["1"])[0]) - 1)
        start += int(query.get("cursor", ["0"])[0])
        items, end = records[start : start + PAGE], start + PAGE
        document: Any = {"data": {"items": items}, "total": len(records)}
        if path == "/all":
            document = {"data": {"items": records}}
        if path == "/broken":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>")
            return
        if end < len(records):
            next_page = f"{self.server.elsewhere}/next?offset={end}"
            document["next"] = next_page
            document["cursor"] = end
            headers["Link"] = f'<{self.server.url}/header?offset={end}>; rel="next"'
        self.send_response(200)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(document).encode())


def survey(number: int, moment: str = "2025-01-05T08:00:00") -> dict[str, Any]:
    """One record as the service has it."""
    return {
        "survey_id": f"v{number:02d}", "store_id": "s1", "repair_order_no": "r1",
        "survey_channel": "sms", "sent_at": moment, "responded_at": None, "nps_score": number,
        "csi_score": 90.5, "satisfaction_score": 9, "reason_code": None, "updated_at": moment,
    }  # fmt: skip


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def declare(home: Home, service: Service, address: str, **pages: Any) -> None:
    connector(
        home,
        "surveys",
        kind="http",
        time_zone="Asia/Shanghai",
        connection={"url": service.url, "token_env": "SURVEY_TOKEN"},
        tables=[
            {
                "from": address,
                "feeds": "crm.surveys",
                "keys": ["survey_id"],
                "cursor": {"column": "updated_at", "overlap": "1 minute"},
                "cursor_parameter": "since",
                "records": "data.items",
                "pages": pages,
            }
        ],
    )


@pytest.fixture
def land(
    home: Home, settings: Settings, progress: Progress, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setenv("SURVEY_TOKEN", TOKEN)

    def run() -> IngestSummary:
        return ingest(home, settings, progress)

    return run


@pytest.mark.parametrize(
    ("address", "pages"),
    [
        ("all", {"by": "single"}),
        ("link", {"by": "next_link", "next": "next"}),
        ("header", {"by": "header_link"}),
        ("numbered", {"by": "page_number", "parameter": "page"}),
        ("offset", {"by": "offset", "size": PAGE, "total": "total"}),
        ("cursor", {"by": "cursor", "next": "cursor", "parameter": "cursor"}),
    ],
)
def test_every_page_lands_once(
    home: Home, service: Service, land: Any, address: str, pages: dict[str, Any]
) -> None:
    declare(home, service, address, **pages)
    summary = land()
    assert summary.connectors.problems == []
    rows = landed_rows(home, "survey_id, nps_score, sent_at", "surveys")
    assert [row[0] for row in rows] == [f"v{number:02d}" for number in range(10)]
    # A text table: the local time of the source as text, in UTC.
    assert rows[3] == ("v03", "3", "2025-01-05 00:00:00")
    assert set(service.tokens) == {f"Bearer {TOKEN}"}
    assert not land().has_news


def test_only_news_is_asked_for_and_lands(home: Home, service: Service, land: Any) -> None:
    declare(home, service, "numbered", by="page_number")
    land()
    service.records[2] = survey(2, "2025-01-06T08:00:00") | {"nps_score": 10}
    service.records.append(survey(11, "2025-01-06T09:00:00"))
    assert [batch.rows_landed for batch in land().landed] == [2]
    assert "since" in service.asked[-1]
    assert not land().has_news


def test_a_busy_service_is_asked_again(home: Home, service: Service, land: Any) -> None:
    declare(home, service, "all", by="single")
    service.busy = 2
    assert land().rows_landed == 10


def test_no_token_goes_to_another_server(home: Home, service: Service, land: Any) -> None:
    with Service() as other:
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        service.elsewhere = other.url
        declare(home, service, "link", by="next_link", next="next")
        summary = land()
        other.shutdown()
        thread.join()
        assert other.tokens == []
    assert "another server" in summary.connectors.problems[0]
    assert summary.landed == []


@pytest.mark.parametrize("address", ["broken", "http://127.0.0.1:1/none"])
def test_a_feed_that_fails_is_a_problem_without_its_token(
    home: Home, service: Service, land: Any, progress: Progress, address: str
) -> None:
    declare(home, service, address, by="single")
    summary = land()
    assert len(summary.connectors.problems) == 1
    assert landed_batches(home, "surveys") == []
    said = said_by(progress)
    assert TOKEN not in said + "".join(summary.connectors.problems)
    for written in home.root.rglob("*"):
        assert not written.is_file() or TOKEN.encode() not in written.read_bytes()


def test_a_missing_variable_is_named(
    home: Home, service: Service, land: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(home, service, "all", by="single")
    monkeypatch.delenv("SURVEY_TOKEN")
    assert "SURVEY_TOKEN is not set" in land().connectors.problems[0]
