"""Commands of a data steward: see what is wrong, repair a wrong row."""

from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption


def quality(
    rule: Annotated[
        str | None, typer.Option(help="List the rows that break this rule, and how to repair one.")
    ] = None,
    store: Annotated[str | None, typer.Option(help="Only this store, by name or key.")] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Show how good the data of the published version is, and what to repair first.

    Example: aftersales quality --rule repair_order_pay_type_unknown --store 通州店 --lang en
    """
    from aftersales.home import Home
    from aftersales.settings import Settings
    from aftersales.steward.terminal import Request, make_console, print_quality

    request = Request(lang, store, rule)
    print_quality(Home(home), request, Settings().project_dir, make_console())


def correct(
    table: Annotated[str, typer.Argument(help="Table as the report lists it: dms.repair_orders.")],
    batch_id: Annotated[str, typer.Argument(help="Batch of the row.")],
    row_number: Annotated[int, typer.Argument(help="Number of the row.", min=1)],
    values: Annotated[
        list[str],
        typer.Option("--set", help="COLUMN=VALUE; COLUMN= empties it. May be repeated."),
    ],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    reason: Annotated[str, typer.Option(help="Why the value is wrong, and how it was found out.")],
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Correct a landed row; the next run lands it anew, judges it and counts the repair.

    Example: aftersales correct dms.repair_orders 2025-10 123 --set pay_type=customer --by 张三
    --reason "checked with the invoice"
    """
    from aftersales.errors import AftersalesError
    from aftersales.home import Home
    from aftersales.landing.corrections import LandedRow, correct

    given: dict[str, str | None] = {}
    for text in values:
        column, equals, value = text.partition("=")
        if not equals:
            raise AftersalesError(f"'{text}' sets nothing: write --set COLUMN=VALUE.")
        given[column.strip()] = value or None
    row = LandedRow.parse(table, batch_id, row_number)
    correct(Home(home), row, given, by, reason)
    typer.echo("Recorded; `aftersales run` lands the corrected row and judges it.")
