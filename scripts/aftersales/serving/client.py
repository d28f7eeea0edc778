"""A small client of the API: asks a query, waits for slow ones, and gives typed rows."""

import json
import shlex
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import requests

from aftersales.errors import AftersalesError

VERSION_HEADER = "x-warehouse-version"
_WAIT_SECONDS = 300.0
_REQUEST_SECONDS = 60.0

Query = Mapping[str, Any]
Value = str | Decimal | bool | None


@dataclass(frozen=True)
class Answer:
    """Rows of a query, by member, and the version of the warehouse they come from."""

    rows: list[dict[str, Value]]
    version: str
    titles: dict[str, str]
    formats: dict[str, str] = field(default_factory=dict)


def query(url: str, token: str, question: Query) -> Answer:
    """Ask the API; numbers come as Decimal, times as text."""
    deadline = time.monotonic() + _WAIT_SECONDS
    while True:
        reply = _post(url, token, question)
        answer = _json(reply)
        if answer.get("error") != "Continue wait":
            break
        if time.monotonic() > deadline:
            raise AftersalesError(
                f"The query was not answered within {_WAIT_SECONDS:.0f} s: ask for less at once."
            )
    if reply.status_code != requests.codes.ok or "error" in answer:
        raise AftersalesError(
            f"The API at {url} refused the query ({reply.status_code}): "
            f"{answer.get('error', reply.reason)}"
        )
    members = _members(answer["annotation"])
    rows = [
        {name: _typed(value, members.get(name, {})) for name, value in row.items()}
        for row in answer["data"]
    ]
    titles = {name: str(member.get("shortTitle", name)) for name, member in members.items()}
    formats = {
        name: str(member["format"]) for name, member in members.items() if "format" in member
    }
    return Answer(rows, reply.headers.get(VERSION_HEADER, ""), titles, formats)


def curl_line(url: str, token: str, question: Query) -> str:
    """Return a line for the shell that asks the same query."""
    body = json.dumps({"query": question}, ensure_ascii=False)
    return " ".join(
        [
            "curl -s",
            shlex.quote(f"{url}/v1/load"),
            "-H",
            shlex.quote(f"Authorization: Bearer {token}"),
            "-H 'Content-Type: application/json'",
            "-d",
            shlex.quote(body),
        ]
    )


def _post(url: str, token: str, question: Query) -> requests.Response:
    try:
        return requests.post(
            f"{url}/v1/load",
            json={"query": question},
            headers={"Authorization": f"Bearer {token}"},
            timeout=_REQUEST_SECONDS,
        )
    except requests.RequestException as error:
        raise AftersalesError(
            f"The API at {url} does not answer ({type(error).__name__}): start it with "
            "`aftersales serve`."
        ) from error


def _json(reply: requests.Response) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = reply.json()
    except ValueError as error:
        raise AftersalesError(
            f"{reply.url} answered {reply.status_code} and no JSON: is this the address of the "
            "API? It ends in /cubejs-api."
        ) from error
    return answer


def _members(annotation: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    kinds = ("dimensions", "timeDimensions", "measures")
    return {name: member for kind in kinds for name, member in annotation.get(kind, {}).items()}


def _typed(value: Any, member: Mapping[str, Any]) -> Value:
    if value is None or isinstance(value, bool):
        return value
    if member.get("type") == "number":
        return Decimal(str(value))
    return str(value)
