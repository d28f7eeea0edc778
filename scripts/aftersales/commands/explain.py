"""Command that says why a metric changed."""

from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption
from aftersales.errors import AftersalesError
from aftersales.home import Home
from aftersales.settings import Settings


def explain(
    metric: Annotated[str, typer.Argument(help="Metric, by its code, title or synonym.")],
    store: Annotated[str | None, typer.Option("--store", help="Store, by name or key.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="Region, by name.")] = None,
    period: Annotated[
        str | None,
        typer.Option(help="2025-10, 2025-10-31, 2025-W44 or 2025-Q3; else the newest month."),
    ] = None,
    against: Annotated[
        str,
        typer.Option(
            help="previous, last-year, region, network, a period such as 2025-08, or a store."
        ),
    ] = "previous",
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Dimension to break down by; may be repeated."),
    ] = None,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Say why a metric differs between two periods or two stores, with the numbers behind it.

    Example: aftersales explain revenue --store 通州店 --period 2025-10 --against previous
    """
    import duckdb

    from aftersales.explain.answer import answer, as_of
    from aftersales.explain.question import (
        Language,
        find_metric,
        find_scope,
        make_question,
        metrics_of,
        read_period,
    )
    from aftersales.explain.show import Printer
    from aftersales.metrics.model import read_model
    from aftersales.warehouse.versions import database_of, published_manifest

    if lang not in {"zh", "en"}:
        raise AftersalesError(f"--lang '{lang}' is not known: say zh or en.")
    language: Language = "zh" if lang == "zh" else "en"
    settings = Settings()
    model = read_model(settings.project_dir / "semantic" / "model")
    wanted = find_metric(model, metric)
    manifest = published_manifest(Home(home))
    if manifest is None:
        raise AftersalesError(f"Nothing is published in {home}: run `aftersales run` first.")
    database = database_of(Home(home), manifest.version_id)
    with duckdb.connect(str(database), read_only=True) as connection:
        asked = period or f"{as_of(connection):%Y-%m}"
        question = make_question(
            connection,
            wanted,
            find_scope(connection, store, region),
            read_period(asked),
            against,
        )
        found = answer(connection, settings.project_dir, question, by)
    label = f"{manifest.version_id}"
    if manifest.synthetic_label:
        label += f" · {manifest.synthetic_label}"
    Printer(language).print(found, metrics_of(model), label, is_asked=bool(by))
