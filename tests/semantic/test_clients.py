"""Clients that people use: two Python packages, Cube's own JavaScript client, GraphQL, curl."""

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pandas as pd
import pytest
import requests
from cube_http import Client
from cube_http.types.v1 import V1LoadRequest
from cubejs_client import cube

from aftersales.errors import AftersalesError
from aftersales.serving.client import curl_line, query
from aftersales.serving.node import node_command
from aftersales.serving.server import ServerHandle

from .support import TOKENS, ask

QUESTION: dict[str, Any] = {
    "measures": ["store_performance.revenue", "store_performance.gross_margin"],
    "timeDimensions": [
        {
            "dimension": "store_performance.business_on",
            "granularity": "month",
            "dateRange": ["2025-01-01", "2025-02-28"],
        }
    ],
    "order": [["store_performance.business_on", "asc"]],
}
MONTHS = {"2025-01-01T00:00:00.000": 198400, "2025-02-01T00:00:00.000": 179200}
JS_CLIENT = """
const cube = require('@cubejs-client/core').default;
const [url, token, query] = process.argv.slice(2);
const api = cube(token, { apiUrl: `${url}/v1` });
(async () => {
  const result = await api.load(JSON.parse(query));
  const meta = await api.meta();
  const [compared] = [await api.load({
    measures: ['store_performance.revenue'],
    timeDimensions: [{
      dimension: 'store_performance.business_on',
      granularity: 'month',
      compareDateRange: [['2025-01-01', '2025-01-31'], ['2025-02-01', '2025-02-28']],
    }],
  })];
  const columnar = await api.load(JSON.parse(query), { responseFormat: 'compact' });
  console.log(JSON.stringify({
    rows: result.tablePivot(),
    chart: result.chartPivot(),
    views: meta.cubes.map(({ name }) => name),
    compared: compared.decompose().map((part) => part.rawData()),
    compact: columnar.rawData(),
  }));
})().catch((error) => { console.error(error); process.exit(1); });
"""


def test_own_client(server: ServerHandle) -> None:
    answer = query(server.url, TOKENS["hq"], QUESTION)
    assert answer.version == "v1"
    assert answer.titles["store_performance.revenue"] == "产值 / Revenue"
    found = {
        row["store_performance.business_on.month"]: row["store_performance.revenue"]
        for row in answer.rows
    }
    assert found == {month: Decimal(amount) for month, amount in MONTHS.items()}
    with pytest.raises(AftersalesError, match="refused the query"):
        query(server.url, TOKENS["hq"], {"measures": ["customers.phone"]})
    with pytest.raises(AftersalesError, match="does not answer"):
        query("http://127.0.0.1:9/cubejs-api", TOKENS["hq"], QUESTION)


def test_curl_line(server: ServerHandle) -> None:
    line = curl_line(server.url, TOKENS["hq"], QUESTION)
    shown = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True)
    assert len(json.loads(shown.stdout)["data"]) == len(MONTHS)


def test_javascript_client(server: ServerHandle, installed_dir: Path) -> None:
    shown = subprocess.run(
        [*node_command(), "-e", JS_CLIENT, "-", server.url, TOKENS["hq"], json.dumps(QUESTION)],
        cwd=installed_dir,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert shown.returncode == 0, shown.stderr
    answer = json.loads(shown.stdout)
    revenue = "store_performance.revenue"
    assert [int(row[revenue]) for row in answer["rows"]] == list(MONTHS.values())
    assert [point[revenue] for point in answer["chart"]] == list(MONTHS.values())
    assert [int(part[0][revenue]) for part in answer["compared"]] == list(MONTHS.values())
    assert [int(row[revenue]) for row in answer["compact"]] == list(MONTHS.values())
    assert "store_performance" in answer["views"]


def pandas_of(result: Any) -> pd.DataFrame:
    """The package adds `to_pandas` to its results while it is imported."""
    frame: pd.DataFrame = result.to_pandas()
    return frame


def test_python_client_with_pandas(server: ServerHandle) -> None:
    client = cube(TOKENS["hq"], api_url=f"{server.url}/v1")
    frame = pandas_of(client.load(QUESTION))
    assert frame["store_performance.revenue"].astype(int).tolist() == list(MONTHS.values())
    columnar = pandas_of(client.load(QUESTION, response_format="columnar"))
    assert columnar["store_performance.revenue"].astype(int).tolist() == list(MONTHS.values())
    assert "store_performance" in {view["name"] for view in client.meta().cubes}
    assert client.readyz().health == "HEALTH"


def test_python_client_over_http(server: ServerHandle) -> None:
    client = Client({"url": server.url, "token": TOKENS["hq"]})
    question = cast("V1LoadRequest", {"query": QUESTION})
    answer = client.v1.load(question)
    amounts = [int(row["store_performance.revenue"]) for row in answer.results[0].data]
    assert amounts == list(MONTHS.values())
    assert "store_performance" in {view.name for view in client.v1.meta({}).cubes or []}


def test_graphql(server: ServerHandle) -> None:
    text = """
      query { cube(where: {store_performance: {region_name: {equals: "华北"}}}) {
        store_performance(orderBy: {store_name: asc}) { store_name revenue business_on { month } }
      } }
    """
    reply = requests.post(
        f"{server.url}/graphql",
        json={"query": text},
        headers={"Authorization": f"Bearer {TOKENS['hq']}"},
        timeout=30,
    )
    assert reply.headers["x-warehouse-version"] == "v1"
    rows = [row["store_performance"] for row in reply.json()["data"]["cube"]]
    assert {row["store_name"] for row in rows} == {"海淀店", "朝阳店"}
    assert sum(row["revenue"] for row in rows) == 192000


def test_graphql_keeps_rows_and_members(server: ServerHandle) -> None:
    def post(text: str, role: str) -> dict[str, Any]:
        reply = requests.post(
            f"{server.url}/graphql",
            json={"query": text},
            headers={"Authorization": f"Bearer {TOKENS[role]}"},
            timeout=30,
        )
        answer: dict[str, Any] = reply.json()
        return answer

    own = post("{ cube { store_performance { store_key } } }", "store_manager")
    assert own["data"]["cube"] == [{"store_performance": {"store_key": "S001"}}]
    phones = "{ cube { customer_contacts { phone } } }"
    refused = post(phones, "hq")
    assert "1380000" not in json.dumps(refused)
    assert "not offered" in json.dumps(refused)
    asked = '{ cube(where: {customer_contacts: {phone: {equals: "13800000001"}}}) '
    assert "not offered" in json.dumps(post(asked + "{ store_performance { revenue } } }", "hq"))
    assert len(post(phones, "steward")["data"]["cube"]) == 100


def test_answer_formats_agree(server: ServerHandle) -> None:
    rows = ask(server, QUESTION).rows
    compact = ask(server, {**QUESTION, "responseFormat": "compact"}).body["data"]
    columnar = ask(server, {**QUESTION, "responseFormat": "columnar"}).body["data"]
    assert [dict(zip(compact["members"], row, strict=True)) for row in compact["dataset"]] == rows
    assert [
        dict(zip(columnar["members"], row, strict=True))
        for row in zip(*columnar["columns"], strict=True)
    ] == rows


def test_blending_and_comparing(server: ServerHandle) -> None:
    month = {"dimension": "store_performance.business_on", "granularity": "month"}
    other = {"dimension": "customer_satisfaction.business_on", "granularity": "month"}
    blended = ask(
        server,
        [
            {"measures": ["store_performance.revenue"], "timeDimensions": [month]},
            {"measures": ["customer_satisfaction.csi"], "timeDimensions": [other]},
        ],
        queryType="multi",
    )
    assert blended.body["queryType"] == "blendingQuery"
    assert [row["time.month"] for row in blended.body["results"][1]["data"]] == [
        "2025-01-01T00:00:00.000",
        "2025-02-01T00:00:00.000",
        "2025-03-01T00:00:00.000",
    ]
    assert set(blended.body["pivotQuery"]["measures"]) == {
        "store_performance.revenue",
        "customer_satisfaction.csi",
    }


def test_time_zone_does_not_move_business_days(server: ServerHandle) -> None:
    for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles"):
        rows = ask(server, {**QUESTION, "timezone": zone}).rows
        found = {
            row["store_performance.business_on.month"]: int(row["store_performance.revenue"])
            for row in rows
        }
        assert found == MONTHS
