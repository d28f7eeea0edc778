"""HTTP sources: pages of JSON, fetched one after the other into a file of JSON lines."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

from aftersales.connectors.secrets import Secrets, SourceError
from aftersales.connectors.spec import Connector, Pages, TableSpec

_TIMEOUT_SECONDS = 60
_MOST_PAGE_BYTES = 256 << 20
_TRIED_AGAIN = (429, 500, 502, 503, 504)


def fetch(
    connector: Connector, table: TableSpec, secrets: Secrets, since: str | None, target: Path
) -> int:
    """Write every record as one line of JSON; give the number of pages."""
    # dlt takes seconds to import: only sources of this kind pay for it.
    from dlt.sources.helpers.rest_client.client import RESTClient

    base = str(secrets.value("url")).rstrip("/") + "/"
    headers = {"Accept": "application/json"}
    token = secrets.value("token")
    if token:
        name = secrets.value("token_header") or "Authorization"
        headers[name] = f"Bearer {token}" if name == "Authorization" else token
    client = RESTClient(
        base_url=base,
        headers=headers,
        paginator=_paginator(table.pages),
        data_selector=table.records or "$",
        session=_Session(base),
    )
    parameters: dict[str, Any] = dict(table.parameters)
    if table.pages.size_parameter and table.pages.by != "offset":
        parameters[table.pages.size_parameter] = table.pages.size
    if since is not None and table.cursor_parameter:
        parameters[table.cursor_parameter] = since
    pages = 0
    with target.open("w", encoding="utf-8") as stream:
        for page in client.paginate(table.source, params=parameters):
            pages += 1
            if pages > table.pages.most:
                raise SourceError(
                    f"{table.source} gave more than {table.pages.most:,} pages: if that is right, "
                    f"raise pages.most in {connector.path}"
                )
            records = page if isinstance(page, list) else [page]
            stream.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in records)
    return pages


def _paginator(pages: Pages) -> Any:
    from dlt.sources.helpers.rest_client import paginators

    if pages.by == "next_link":
        return paginators.JSONLinkPaginator(pages.next or "next")
    if pages.by == "header_link":
        return paginators.HeaderLinkPaginator(pages.next or "next")
    if pages.by == "page_number":
        return paginators.PageNumberPaginator(
            base_page=1, page_param=pages.parameter or "page", total_path=pages.total
        )
    if pages.by == "offset":
        return paginators.OffsetPaginator(
            limit=pages.size,
            offset_param=pages.parameter or "offset",
            limit_param=pages.size_parameter or "limit",
            total_path=pages.total,
        )
    if pages.by == "cursor":
        return paginators.JSONResponseCursorPaginator(
            cursor_path=pages.next or "next", cursor_param=pages.parameter or "cursor"
        )
    return paginators.SinglePagePaginator()


class _Session(requests.Session):
    """Tries again when a server is busy, and never carries a credential to another server."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self._server = _server(base)
        retry = Retry(
            total=4, backoff_factor=0.5, status_forcelist=_TRIED_AGAIN, raise_on_status=False
        )
        for scheme in ("http://", "https://"):
            self.mount(scheme, HTTPAdapter(max_retries=retry))

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        if _server(request.url or "") != self._server:
            raise SourceError(
                "the source points to another server for its next page; declare a connector for "
                "that server if it is meant"
            )
        options["timeout"] = _TIMEOUT_SECONDS
        response = super().send(request, **options)
        _check_size(response.headers)
        return response


def _check_size(headers: Mapping[str, str]) -> None:
    length = headers.get("Content-Length", "0")
    if length.isdigit() and int(length) > _MOST_PAGE_BYTES:
        raise SourceError(f"a page of {int(length) >> 20} MiB: ask the source for smaller pages")


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port
