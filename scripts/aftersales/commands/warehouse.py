"""Commands that land, build, judge and publish, one stage at a time."""

from typing import Annotated

import typer

from aftersales import tables
from aftersales.commands.options import (
    DEFAULT_HOME,
    AsOfOption,
    ConnectorsOption,
    FullOption,
    HomeOption,
    day_of,
)
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


def ingest(home: HomeOption = DEFAULT_HOME, connectors: ConnectorsOption = None) -> None:
    """Land what is new: files handed out under HOME/sources, and every source with a connector.

    A connector is a YAML file that declares one source (a database, files, Excel, JSON, HTTP) and
    what it feeds; docs/sources.md shows one of each kind. Exit 1 when a source could not be read;
    everything else has landed then.

    Example: aftersales ingest --home var --connectors connectors
    """
    from aftersales.landing.ingest import ingest as land

    place = Home(home)
    with place.lock():
        land(place, Settings(), Progress(), connectors).raise_if_incomplete()


def build(
    home: HomeOption = DEFAULT_HOME, full: FullOption = False, as_of: AsOfOption = None
) -> None:
    """Build a candidate version from what has landed; print its id.

    Example: aftersales build --full
    """
    from aftersales.warehouse.build import build as build_candidate
    from aftersales.warehouse.plan import BuildRequest

    place = Home(home)
    with place.lock():
        request = BuildRequest(full, day_of(as_of))
        manifest = build_candidate(place, Settings(), Progress(), request)
    typer.echo(manifest.version_id)


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


def publish(home: HomeOption = DEFAULT_HOME) -> None:
    """Publish the audited candidate and write the steward's report of it; print its id.

    Example: aftersales publish
    """
    from aftersales.steward.report import write_report
    from aftersales.warehouse.publish import publish as publish_candidate

    place, settings, progress = Home(home), Settings(), Progress()
    with place.lock():
        manifest = publish_candidate(place, settings, progress)
        write_report(place, manifest, settings, progress)
    typer.echo(manifest.version_id)


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


def versions(home: HomeOption = DEFAULT_HOME) -> None:
    """List the versions that are kept, newest publication first.

    Example: aftersales versions
    """
    from aftersales.warehouse.versions import list_versions, read_pointer

    place = Home(home)
    tables.print_versions(list_versions(place), read_pointer(place))


def status(home: HomeOption = DEFAULT_HOME) -> None:
    """Show what is published, what waits and what is left over.

    Example: aftersales status
    """
    from aftersales.warehouse.status import read_status

    tables.print_status(home, read_status(Home(home), Settings()))
