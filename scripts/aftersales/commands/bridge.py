"""The command that says why two people report different numbers."""

from typing import Annotated

import typer

from aftersales.commands.api import api_address
from aftersales.commands.options import DEFAULT_HOME, HomeOption, synthetic_label_of


def bridge(
    code: Annotated[str, typer.Argument(help="Bridge, a code of seed definition_bridges.")],
    period: Annotated[str, typer.Option(help="Month that is over, YYYY-MM.")],
    store: Annotated[str | None, typer.Option(help="Store by number or name.")] = None,
    region: Annotated[str | None, typer.Option(help="Region by name.")] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    url: Annotated[
        str | None,
        typer.Option(help="Address of a running API; without it one is started for this query."),
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print why two definitions give different numbers: a waterfall, a bar a rule (口径桥).

    Example: aftersales bridge output_growth_to_booked --store 通州店 --period 2025-10
    """
    from rich.console import Console

    from aftersales.bridge import ask_bridge, print_bridge
    from aftersales.serving.tokens import make_token, secret_of
    from aftersales.statement import Ask

    asked = Ask(period, lang, store, region)
    token = make_token(secret_of(home), "hq")
    with api_address(url, home) as address:
        answer = ask_bridge(address, token, code, asked)
    console = Console()
    label = synthetic_label_of(home)
    if label:
        console.print(f"({label})", highlight=False)
    print_bridge(console, answer, asked)
