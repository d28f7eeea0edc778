"""Options that several commands share."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

DEFAULT_HOME = Path("var")


def home_option(home: Path) -> str:
    """What a command printed for copying needs to work on the same home."""
    return "" if home == DEFAULT_HOME else f" --home {home}"


DEFAULT_PORT = 4000

HomeOption = Annotated[
    Path,
    typer.Option(
        "--home", help="Folder of this warehouse; each has its own data.", envvar="AFTERSALES_HOME"
    ),
]
ConnectorsOption = Annotated[
    Path | None,
    typer.Option(
        "--connectors",
        help="Folder of connector files, one YAML a source; HOME/connectors if not given.",
        envvar="AFTERSALES_CONNECTORS",
        exists=True,
        file_okay=False,
    ),
]
FullOption = Annotated[bool, typer.Option("--full", help="Build every table afresh.")]
AsOfOption = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Build as known at the end of this day; the newest day landed if not given.",
        metavar="DAY",
    ),
]
ScaleOption = Annotated[
    str | None,
    typer.Option(help="Size of the demo company: small, region, nation, or a number of stores."),
]
SeedOption = Annotated[
    int | None, typer.Option(help="Seed of the demo company: the same seed, the same bytes.")
]
DaysOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Days of history of the demo company; days beyond its first horizon come one by one.",
    ),
]
LegacyStoresOption = Annotated[
    int | None,
    typer.Option(
        "--legacy-stores",
        min=0,
        help="Stores of the demo company whose DMS is a legacy system, read by a connector.",
    ),
]
PortOption = Annotated[
    int, typer.Option(help="Port of the API; 0 takes a free one.", min=0, max=65535)
]
RoleOption = Annotated[
    str, typer.Option(help="hq, region_manager, store_manager, steward or engineer.")
]
StoreOption = Annotated[
    list[str] | None, typer.Option("--store", help="Store the caller may see; may be repeated.")
]
RegionOption = Annotated[
    list[str] | None, typer.Option("--region", help="Region the caller may see; may be repeated.")
]


def day_of(moment: datetime | None) -> date | None:
    """The day of an option that typer read as a moment."""
    return moment.date() if moment else None


def synthetic_label_of(home: Path) -> str | None:
    """The words that say that the published version holds made-up records, none if it does not."""
    from aftersales.home import Home
    from aftersales.warehouse.versions import published_manifest

    manifest = published_manifest(Home(home))
    return manifest.synthetic_label if manifest else None
