"""The command that sets two records of the same thing against each other."""

from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption


def reconcile(
    pair: Annotated[
        str | None, typer.Option(help="Only this pair, and its breaks: orders_ledger, …")
    ] = None,
    store: Annotated[str | None, typer.Option(help="Only this store, by name or key.")] = None,
    month: Annotated[str | None, typer.Option(help="Only this month, YYYY-MM.")] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Set the DMS against finance, orders against lines, surveys and stock (对账).

    Example: aftersales reconcile --pair orders_ledger --store 通州店 --month 2025-10
    """
    from aftersales.home import Home
    from aftersales.steward.reconcile import Asked, print_reconciliation
    from aftersales.steward.terminal import make_console

    print_reconciliation(Home(home), Asked(lang, pair, store, month), make_console())
