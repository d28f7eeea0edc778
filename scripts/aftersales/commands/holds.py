"""Commands around cells that are held back from publication: list, explain, release."""

from datetime import datetime
from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption

holds_app = typer.Typer(
    name="holds",
    help="Cells (store, day, group of parts) that are held back: list, explain, release.",
    invoke_without_command=True,
)
StoreArgument = Annotated[str, typer.Argument(metavar="STORE", help="Key of the store: S001.")]
DayArgument = Annotated[
    datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DAY", help="Business day.")
]


@holds_app.callback()
def holds(
    context: typer.Context,
    home: HomeOption = DEFAULT_HOME,
    is_all: Annotated[
        bool, typer.Option("--all", help="Every event of the ledger, released cells too.")
    ] = False,
) -> None:
    """List what is held back now, and why.

    Example: aftersales holds --all
    """
    from aftersales.home import Home
    from aftersales.warehouse.hold_report import print_events, print_held

    if context.invoked_subcommand is None:
        (print_events if is_all else print_held)(Home(home))


@holds_app.command()
def explain(store: StoreArgument, day: DayArgument, home: HomeOption = DEFAULT_HOME) -> None:
    """Tell the history of a cell, and what it serves beside what was computed.

    Example: aftersales holds explain S001 2025-10-21
    """
    from aftersales.home import Home
    from aftersales.warehouse.hold_report import print_cell

    print_cell(Home(home), store, day.date().isoformat())


@holds_app.command()
def release(
    store: StoreArgument,
    day: DayArgument,
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option(help="Why the computed value may be served.")],
    group: Annotated[
        str, typer.Option(help="orders, workshop, surveys or appointments.")
    ] = "orders",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Release a held cell by decision; the next run serves it as computed.

    Example: aftersales holds release S001 2025-10-21 --by 张三 --reason "checked with the store"
    """
    from aftersales.home import Home
    from aftersales.warehouse.hold_ledger import Cell, release_by_person

    release_by_person(Home(home), Cell(store, day.date().isoformat(), group), by, reason)
    typer.echo("Recorded; `aftersales run` serves the cell as computed.")
