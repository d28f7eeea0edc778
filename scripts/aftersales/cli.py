"""The `aftersales` command."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress, fail
from aftersales.settings import Settings

app = typer.Typer(
    name="aftersales",
    help="An after-sales warehouse: records in, one audited version out, governed numbers on top.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

HomeOption = Annotated[
    Path, typer.Option("--home", help="Folder of this warehouse.", envvar="AFTERSALES_HOME")
]
DEFAULT_HOME = Path("var")


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False,
) -> None:
    """Take the options common to all commands."""


@app.command()
def ingest(home: HomeOption = DEFAULT_HOME) -> None:
    """Land source files that have not landed yet.

    Example: aftersales ingest --home var
    """
    from aftersales.landing.ingest import ingest as land

    place = Home(home)
    with place.lock():
        land(place, Settings(), Progress())


@app.command()
def build(
    home: HomeOption = DEFAULT_HOME,
    full: Annotated[bool, typer.Option("--full", help="Build every table afresh.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Build as known on this day.")
    ] = None,
) -> None:
    """Build a candidate version from what has landed.

    Example: aftersales build --full
    """
    from aftersales.warehouse.build import BuildRequest
    from aftersales.warehouse.build import build as build_candidate

    place = Home(home)
    request = BuildRequest(full, as_of.date() if as_of else None)
    with place.lock():
        manifest = build_candidate(place, Settings(), Progress(), request)
    typer.echo(manifest.version_id)


def main() -> None:
    """Run the command line; turn expected errors into one sentence."""
    try:
        app()
    except AftersalesError as error:
        if "--debug" in sys.argv:
            raise
        fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
