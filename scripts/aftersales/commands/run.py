"""Commands that do everything: the demo company, and the whole way to first numbers."""

from pathlib import Path
from typing import Annotated

import typer

from aftersales.commands.options import (
    DEFAULT_HOME,
    DEFAULT_PORT,
    AsOfOption,
    ConnectorsOption,
    DaysOption,
    FullOption,
    HomeOption,
    LegacyStoresOption,
    PortOption,
    ScaleOption,
    SeedOption,
    day_of,
)
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


def demo(
    scale: ScaleOption = None,
    seed: SeedOption = None,
    days: DaysOption = None,
    legacy_stores: LegacyStoresOption = None,
    home: HomeOption = DEFAULT_HOME,
    as_foreign: Annotated[
        Path | None,
        typer.Option(
            "--as-foreign",
            metavar="FILE",
            help="Write it as the SQLite database of another make of dealer system, nothing else.",
        ),
    ] = None,
) -> None:
    """Write the source files of a synthetic company; existing days stay as they are.

    Example: aftersales demo --scale small --seed 7
    """
    from aftersales.company import DEFAULT_SCALE, DEFAULT_SEED, Company, ensure_company

    if as_foreign is not None:
        from aftersales.demo.foreign import write_foreign

        seed = DEFAULT_SEED if seed is None else seed
        with Progress().step(f"Write a foreign database, synthetic, to {as_foreign}") as step:
            rows = write_foreign(as_foreign, scale or DEFAULT_SCALE, seed, days, step.update)
            step.result = f"{len(rows)} tables, {sum(rows.values()):,} rows"
        return
    place = Home(home)
    with place.lock():
        ensure_company(place, Company(scale, seed, days, legacy_stores), Progress())


def run(
    scale: ScaleOption = None,
    seed: SeedOption = None,
    days: DaysOption = None,
    legacy_stores: LegacyStoresOption = None,
    home: HomeOption = DEFAULT_HOME,
    port: PortOption = DEFAULT_PORT,
    full: FullOption = False,
    as_of: AsOfOption = None,
    connectors: ConnectorsOption = None,
    no_serve: Annotated[
        bool, typer.Option("--no-serve", help="End after the first numbers.")
    ] = False,
) -> None:
    """Do it all: demo company if there are no sources, land, build, audit, publish, serve.

    Example: aftersales run --scale small
    """
    from aftersales.api import serve_until_stopped, start_api
    from aftersales.company import Company
    from aftersales.first_numbers import print_first_numbers
    from aftersales.pipeline import bring_up_to_date
    from aftersales.warehouse.plan import BuildRequest

    place, settings, progress = Home(home), Settings(), Progress()
    company = Company(scale, seed, days, legacy_stores)
    request = BuildRequest(full, day_of(as_of))
    with place.lock():
        bring_up_to_date(place, settings, progress, company, request, connectors)
    with start_api(place, settings, progress, 0 if no_serve else port) as server:
        print_first_numbers(place, server.url, progress)
        if not no_serve:
            serve_until_stopped(server, progress)
