"""The `aftersales` command line."""

import sys
from typing import Annotated

import duckdb
import typer

from aftersales.commands import (
    alerts,
    api,
    bridge,
    connect,
    connect_show,
    docs,
    explain,
    holds,
    metrics,
    pnl,
    reconcile,
    run,
    steward,
    warehouse,
)
from aftersales.errors import AftersalesError
from aftersales.progress import fail

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

for _command in (
    run.run,
    run.demo,
    warehouse.ingest,
    warehouse.build,
    warehouse.audit,
    warehouse.publish,
    api.serve,
    api.query,
    explain.explain,
    api.token,
    alerts.replay,
    metrics.metrics,
    metrics.certify,
    docs.docs,
    pnl.pnl,
    bridge.bridge,
    reconcile.reconcile,
    steward.quality,
    steward.correct,
    warehouse.status,
    warehouse.versions,
    warehouse.rollback,
):
    app.command()(_command)
app.add_typer(alerts.alerts_app)
connect.connect_app.command()(connect_show.show)
app.add_typer(holds.holds_app)
app.add_typer(connect.connect_app)


@app.callback()
def common_options(
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")] = False,
) -> None:
    """Take the options common to all commands; `main` looks at them."""


def main() -> None:
    """Run the command line; an expected error becomes one sentence and exit code 1."""
    try:
        app()
    except Exception as error:
        if "--debug" in sys.argv[1:]:
            raise
        fail(_sentence(error))
        sys.exit(1)


def _sentence(error: Exception) -> str:
    if isinstance(error, AftersalesError):
        return str(error)
    if isinstance(error, OSError):
        return (
            f"{error.strerror or error} ({error.filename or 'no file named'}): check permissions "
            "and free space there, then run the command again."
        )
    text = " ".join(str(error).split())
    if isinstance(error, duckdb.Error):
        return f"The database refused a statement ({text}): run with `aftersales --debug …` to see."
    return (
        f"Something unexpected happened ({type(error).__name__}: {text}): run with "
        "`aftersales --debug …` to see where."
    )


if __name__ == "__main__":
    main()
