"""Commands that take an unknown source to its first published numbers."""

from pathlib import Path
from typing import Annotated, Any

import typer

from aftersales.commands.connect_show import show
from aftersales.commands.options import DEFAULT_HOME, ConnectorsOption, HomeOption, home_option
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings

connect_app = typer.Typer(
    name="connect",
    help="Connect a source nobody has described yet; docs/connect.md is the guide.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

NameArgument = Annotated[
    str, typer.Argument(help="What to call the source: small letters, digits and _.")
]


@connect_app.command()
def new(
    name: NameArgument,
    kind: Annotated[
        str,
        typer.Option(help="postgresql, mysql, mariadb, sqlite, duckdb, csv, excel, jsonl…"),
    ],
    path: Annotated[Path | None, typer.Option(help="File of a SQLite or DuckDB database.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder of files.")] = None,
    host: Annotated[str | None, typer.Option(help="Server of a database.")] = None,
    port: Annotated[int | None, typer.Option(help="Its port.")] = None,
    database: Annotated[str | None, typer.Option(help="Database on the server.")] = None,
    schema: Annotated[str | None, typer.Option(help="Only the tables of this schema.")] = None,
    user_env: Annotated[
        str | None, typer.Option(help="Environment variable that holds the user.")
    ] = None,
    password_env: Annotated[
        str | None, typer.Option(help="Environment variable that holds the password.")
    ] = None,
    time_zone: Annotated[
        str, typer.Option(help="Zone of the source's times, where they have none.")
    ] = "Asia/Shanghai",
    owner: Annotated[
        str, typer.Option(help="Who is asked when something is wrong with the source.")
    ] = "to-be-named",
    sample_rows: Annotated[
        int | None, typer.Option(min=1, help="Most rows read of each table.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite what was written before.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
    connectors: ConnectorsOption = None,
) -> None:
    """Read a source's tables, propose what they feed, and write the connector and its document.

    Only a sample is read, nothing is written to the source. Exit 0 even when columns are left to
    decide: the files name them.

    Example: aftersales connect new autohaus --kind sqlite --path autohaus.db
    """
    from aftersales.connect.new import connect_new
    from aftersales.connect.summary import print_summary
    from aftersales.connectors.spec import Connector

    given: dict[str, Any] = {
        "path": path and str(path.resolve()),
        "folder": folder and str(folder.resolve()),
        "host": host,
        "port": port,
        "database": database,
        "schema": schema,
        "user_env": user_env,
        "password_env": password_env,
    }
    place = Home(home)
    connector = Connector(
        name=name,
        path=(connectors or place.connectors) / f"{name}.yml",
        kind=kind,
        owner=owner,
        connection={key: value for key, value in given.items() if value is not None},
        tables=(),
        time_zone=time_zone,
    )
    with place.lock():
        written = connect_new(
            place, Settings(), Progress(), connector, sample_rows=sample_rows, force=force
        )
    print_summary(written, home_option(home))


@connect_app.command()
def check(
    name: NameArgument,
    sample_rows: Annotated[
        int | None, typer.Option(min=1, help="Most rows read of each table.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
    connectors: ConnectorsOption = None,
) -> None:
    """Run a connector on a sample of its source without landing it; say what would go wrong.

    Exit 1 when something would be lost or false; warnings alone are no errors.

    Example: aftersales connect check autohaus
    """
    from aftersales.connect.check import check_connector
    from aftersales.connect.summary import print_findings

    place = Home(home)
    with place.lock():
        report = check_connector(
            place, Settings(), Progress(), (connectors or place.connectors) / f"{name}.yml",
            sample_rows,
        )  # fmt: skip
    print_findings(report, home_option(home))
    if report.errors:
        raise AftersalesError(
            f"{len(report.errors)} errors: correct {report.path}, then check again."
        )


connect_app.command()(show)
