"""The command that answers whether we make money."""

from typing import Annotated

import typer

from aftersales.commands.api import api_address
from aftersales.commands.options import DEFAULT_HOME, HomeOption, synthetic_label_of


def pnl(
    period: Annotated[str, typer.Option(help="Month, YYYY-MM.")],
    store: Annotated[str | None, typer.Option(help="Store by number or name.")] = None,
    region: Annotated[str | None, typer.Option(help="Region by name.")] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    url: Annotated[
        str | None,
        typer.Option(help="Address of a running API; without it one is started for this query."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print the profit and loss statement of a month: do we make money, and what moved the cost.

    Example: aftersales pnl --store 通州店 --period 2025-10
    """
    from rich.console import Console

    from aftersales.serving.tokens import make_token, secret_of
    from aftersales.statement import Ask, ask_statement, print_statement

    asked = Ask(period, lang, store, region)
    token = make_token(secret_of(home), "hq")
    with api_address(url, home) as address:
        statement = ask_statement(address, token, asked)
    console = Console()
    label = synthetic_label_of(home)
    if label:
        console.print(f"({label})", highlight=False)
    print_statement(console, statement, asked)
