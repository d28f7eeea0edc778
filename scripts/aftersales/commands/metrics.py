"""Commands around the metric dictionary: list and explain metrics, sign their definitions."""

from datetime import datetime
from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption
from aftersales.errors import AftersalesError
from aftersales.settings import Settings

_SUGGESTED = 8


def metrics(
    name: Annotated[
        str | None,
        typer.Argument(help="Id, synonym, or part of a name in either language; all if not given."),
    ] = None,
    family: Annotated[
        str | None, typer.Option(help="finance, efficiency, quality or satisfaction.")
    ] = None,
    status: Annotated[str | None, typer.Option(help="draft, certified or retired.")] = None,
    not_computable: Annotated[
        bool, typer.Option("--not-computable", help="List what the records cannot say.")
    ] = False,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """List the metrics of the dictionary, or explain one: formula, scope, origin, rivals, target.

    Where the published version cannot know the metric, it says for whom and why.

    Example: aftersales metrics 首次修复率
    """
    from aftersales.metrics import terminal as text
    from aftersales.metrics.availability import reasons
    from aftersales.metrics.dictionary import read_dictionary
    from aftersales.metrics.lineage import read_lineage
    from aftersales.metrics.sources import read_project

    project = Settings().project_dir
    dictionary = read_dictionary(project)
    if not_computable:
        text.print_not_computable(list(dictionary.not_computable.values()))
        return
    if name is None:
        found = [
            metric
            for metric in dictionary.metrics.values()
            if family in {None, metric.family} and status in {None, metric.status}
        ]
        if not found:
            raise AftersalesError(
                "No metric is like that: families are finance, efficiency, quality and "
                "satisfaction; a status is draft, certified or retired."
            )
        text.print_list(dictionary, found)
        return
    found = dictionary.find(name)
    if not found:
        unable = dictionary.find_not_computable(name)
        if unable:
            text.print_not_computable(unable)
            return
        near = ", ".join(dictionary.near(name)[:_SUGGESTED])
        raise AftersalesError(
            f"No metric is called {name!r}: "
            + (f"did you mean {near}?" if near else "`aftersales metrics` lists them all.")
        )
    if len(found) > 1:
        text.print_list(dictionary, found)
        return
    text.print_metric(dictionary, found[0], read_project(project), read_lineage(project))
    for reason in reasons(home, found[0].id):
        typer.echo(f"–  {reason}")


def certify(
    names: Annotated[list[str], typer.Argument(metavar="METRIC...", help="Ids of the metrics.")],
    owner: Annotated[str, typer.Option(help="Owner who signs; must be the metric's.")],
    on: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of the signature.", metavar="DAY")
    ],
) -> None:
    """Sign the definition of metrics as it stands, in the version the dictionary gives it.

    A changed definition needs a higher version first (semantic/dictionary).

    Example: aftersales certify revenue gross_margin --owner finance-controlling --on 2026-01-15
    """
    from aftersales.metrics.certificates import read_certificates, sign, write_certificates
    from aftersales.metrics.definitions import write_definitions
    from aftersales.metrics.dictionary import read_dictionary

    project = Settings().project_dir
    dictionary = read_dictionary(project)
    certificates = read_certificates(project)
    for name in names:
        metric = dictionary.metrics.get(name)
        if metric is None:
            raise AftersalesError(f"No metric has the id {name}: `aftersales metrics` lists them.")
        if metric.owner != owner:
            raise AftersalesError(
                f"{name} belongs to {metric.owner}, not to {owner}: only its owner signs it."
            )
        certificates[name] = sign(
            name,
            metric.version,
            owner,
            on.date().isoformat(),
            metric.fingerprints,
            certificates.get(name),
        )
    write_certificates(project, certificates)
    write_definitions(project)
    typer.echo(f"Signed: {', '.join(names)}.")
