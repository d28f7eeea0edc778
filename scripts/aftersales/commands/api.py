"""Commands around the API: serve it, sign tokens for it, ask it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from aftersales import tables
from aftersales.commands.options import (
    DEFAULT_HOME,
    DEFAULT_PORT,
    HomeOption,
    PortOption,
    RegionOption,
    RoleOption,
    StoreOption,
)
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings

_DEFAULT_LIFETIME = 8 * 3600


def serve(home: HomeOption = DEFAULT_HOME, port: PortOption = DEFAULT_PORT) -> None:
    """Serve the published version until Ctrl-C; a new version shows without a restart.

    Example: aftersales serve --port 4000
    """
    from aftersales.api import serve_until_stopped, start_api

    progress = Progress()
    with start_api(Home(home), Settings(), progress, port) as server:
        typer.echo(server.url)
        serve_until_stopped(server, progress)


def token(
    role: RoleOption = "hq",
    store: StoreOption = None,
    region: RegionOption = None,
    ttl: Annotated[
        int, typer.Option(help="Lifetime in seconds.", min=1, max=366 * 86400)
    ] = _DEFAULT_LIFETIME,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print a token for the API, signed for a role and its stores or regions.

    Example: aftersales token --role store_manager --store S001
    """
    from aftersales.serving.tokens import make_token, secret_of

    typer.echo(make_token(secret_of(home), role, store or [], region or [], ttl))


def query(
    measure: Annotated[
        list[str] | None,
        typer.Option("--measure", "-m", help="view.measure; may be repeated."),
    ] = None,
    dimension: Annotated[
        list[str] | None,
        typer.Option("--dimension", "-d", help="view.dimension; may be repeated."),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option("--filter", "-f", help="'member operator value,value'; may be repeated."),
    ] = None,
    time: Annotated[
        str | None, typer.Option(help="Time dimension that the days below refer to.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    granularity: Annotated[
        str | None, typer.Option(help="day, week, month, quarter or year.")
    ] = None,
    limit: Annotated[int | None, typer.Option(help="Most rows to give.", min=1)] = None,
    role: RoleOption = "hq",
    store: StoreOption = None,
    region: RegionOption = None,
    url: Annotated[
        str | None,
        typer.Option(help="Address of a running API; without it one is started for this query."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Ask the API for measures and print the answer.

    Example: aftersales query -m store_performance.revenue -d store_performance.store_name
    --time store_performance.business_on --from 2025-10-01 --to 2025-10-31
    """
    from aftersales.questions import TimeRange, make_question
    from aftersales.serving.client import query as ask
    from aftersales.serving.tokens import make_token, secret_of

    question = make_question(
        measure or [],
        dimension or [],
        condition or [],
        TimeRange(time, since, until, granularity),
        limit,
    )
    signed = make_token(secret_of(home), role, store or [], region or [])
    with api_address(url, home) as address:
        answer = ask(address, signed, question)
    if is_json:
        tables.print_answer_json(answer)
    else:
        tables.print_answer(answer)


@contextmanager
def api_address(url: str | None, home: Path) -> Iterator[str]:
    """The address of a running API, or of one that is started while the caller works."""
    if url is not None:
        yield url
        return
    from aftersales.api import start_api

    with start_api(Home(home), Settings(), Progress(), port=0) as server:
        yield server.url
