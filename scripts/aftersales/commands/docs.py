"""The command that builds the static site."""

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption
from aftersales.home import Home
from aftersales.progress import Progress
from aftersales.settings import Settings


def docs(home: HomeOption = DEFAULT_HOME) -> None:
    """Build the metric dictionary, dbt docs, Data Docs and the steward's report; print where they are.

    Example: aftersales docs --home var
    """
    from aftersales.docs.site import build_site

    place = Home(home)
    with place.lock():
        page = build_site(place, Settings(), Progress())
    typer.echo(str(page))
