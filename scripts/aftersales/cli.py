"""The `aftersales` command: reads options, holds the lock, and lets the modules do the work."""

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from aftersales import tables
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress, fail
from aftersales.settings import Settings

app = typer.Typer(
    name="aftersales",
    help=(
        "An after-sales warehouse: raw records in, one audited version out, governed numbers on "
        "top.\n\nStart with: aftersales run"
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home", help="Folder of this warehouse; each has its own data.", envvar="AFTERSALES_HOME"
    ),
]
FullOption = Annotated[bool, typer.Option("--full", help="Build every table afresh.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Build as known at the end of this day.",
        metavar="DAY",
    ),
]
DEFAULT_HOME = Path("var")


@app.callback()
def common_options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    """Take the options common to all commands; `main` looks at them."""


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
    home: HomeOption = DEFAULT_HOME, full: FullOption = False, as_of: AsOfOption = None
) -> None:
    """Build a candidate version from what has landed; print its id.

    Example: aftersales build --full
    """
    from aftersales.warehouse.build import BuildRequest
    from aftersales.warehouse.build import build as build_candidate

    place = Home(home)
    with place.lock():
        request = BuildRequest(full, _day(as_of))
        manifest = build_candidate(place, Settings(), Progress(), request)
    typer.echo(manifest.version_id)


@app.command()
def audit(home: HomeOption = DEFAULT_HOME) -> None:
    """Judge the candidate by the rule catalogue; exit 1 when it may not be published.

    Example: aftersales audit
    """
    from aftersales.quality.report import render
    from aftersales.warehouse.audit import audit as audit_candidate

    place = Home(home)
    with place.lock():
        manifest, report = audit_candidate(place, Settings(), Progress())
    typer.echo(render(report))
    if not report.verdict.is_publishable:
        raise AftersalesError(
            f"Candidate {manifest.version_id} stays unpublished: correct what the audit names, "
            "then build again with `aftersales run`."
        )


@app.command()
def publish(home: HomeOption = DEFAULT_HOME) -> None:
    """Publish the audited candidate; print its id.

    Example: aftersales publish
    """
    from aftersales.warehouse.publish import publish as publish_candidate

    place = Home(home)
    with place.lock():
        manifest = publish_candidate(place, Settings(), Progress())
    typer.echo(manifest.version_id)


@app.command()
def rollback(
    version: Annotated[
        str | None, typer.Argument(help="Version to go back to; the previous one if not given.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Point readers to an older version, until the next publication.

    Example: aftersales rollback
    """
    from aftersales.warehouse.publish import rollback as roll_back

    place = Home(home)
    with place.lock():
        manifest = roll_back(place, version, Progress())
    typer.echo(manifest.version_id)


@app.command()
def versions(home: HomeOption = DEFAULT_HOME) -> None:
    """List the versions that are kept, newest publication first.

    Example: aftersales versions
    """
    from aftersales.warehouse.versions import list_versions, read_pointer

    place = Home(home)
    tables.print_versions(list_versions(place), read_pointer(place))


@app.command()
def status(home: HomeOption = DEFAULT_HOME) -> None:
    """Show what is published, what waits and what is left over.

    Example: aftersales status
    """
    from aftersales.warehouse.status import read_status

    tables.print_status(home, read_status(Home(home), Settings()))


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def main() -> None:
    """Run the command line; an expected error becomes one sentence and exit code 1."""
    is_debugging = "--debug" in sys.argv[1:]
    try:
        app(standalone_mode=not is_debugging)
    except AftersalesError as error:
        if is_debugging:
            raise
        fail(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
