"""The command that shows what a connector makes of the columns of its source."""

from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, ConnectorsOption, HomeOption


def show(
    name: Annotated[str, typer.Argument(help="Connector: the name of its file.")],
    table: Annotated[
        str | None, typer.Option(help="Only this raw table, such as repair_orders.")
    ] = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a page of Markdown.")] = False,
    home: HomeOption = DEFAULT_HOME,
    connectors: ConnectorsOption = None,
) -> None:
    """Show the mapping of a connector column by column: from where, by which unit and codes.

    Nothing of the source is read.

    Example: aftersales connect show legacy_dms --table repair_orders
    """
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from aftersales.connectors.instructions import HEADINGS, instructions
    from aftersales.connectors.load import find_connector
    from aftersales.contract import load_contract
    from aftersales.errors import AftersalesError
    from aftersales.home import Home
    from aftersales.settings import Settings

    folder = connectors or Home(home).connectors
    connector = find_connector(folder, name, load_contract(Settings().project_dir))
    wanted = [one for one in connector.tables if table in {None, one.feeds.name, one.source}]
    if not wanted:
        known = ", ".join(dict.fromkeys(one.feeds.name for one in connector.tables))
        raise AftersalesError(f"{connector.path} feeds no table {table}: take one of {known}.")
    for one in wanted:
        page = instructions(connector, one)
        if markdown:
            typer.echo(page.markdown())
            continue
        console = Console()
        shown = Table(title=escape(page.title), caption=escape(page.facts), box=box.SIMPLE)
        for heading in HEADINGS:
            shown.add_column(heading, overflow="fold")
        for line in page.lines:
            shown.add_row(*map(escape, line))
        console.print(shown)
