"""Commands around alerts: read them, decide about them, try a rule on history."""

from datetime import datetime
from typing import Annotated

import typer

from aftersales.commands.options import DEFAULT_HOME, HomeOption, day_of
from aftersales.home import Home

alerts_app = typer.Typer(
    name="alerts",
    add_completion=False,
    pretty_exceptions_enable=False,
)

IdArgument = Annotated[
    list[str], typer.Argument(help="Id of the alert, or as much of it as no other has.")
]
ByOption = Annotated[str, typer.Option("--by", help="Who decides.")]
NoteOption = Annotated[str | None, typer.Option(help="What was found or agreed.")]


@alerts_app.callback(invoke_without_command=True)
def alerts(
    context: typer.Context,
    store: Annotated[
        str | None, typer.Option(help="Only this store, with causes and actions; key or name.")
    ] = None,
    is_all: Annotated[
        bool, typer.Option("--all", help="Every open alert instead of the ten first stories.")
    ] = False,
    lang: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Print the digest: one story a store, the ten dearest first.

    Example: aftersales alerts --store 通州店 --lang en
    """
    if context.invoked_subcommand is not None:
        return
    from aftersales.alerts.digest import DigestRequest, make_console, print_digest

    print_digest(Home(home), DigestRequest(lang, store, is_all), make_console())


@alerts_app.command()
def ack(
    alert_id: IdArgument,
    by: ByOption,
    note: NoteOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Acknowledge alerts: somebody works on them. Kept across builds.

    Example: aftersales alerts ack A9_visits:1:S001:2025-10-27 --by 张总 --note 预约系统已修复
    """
    from aftersales.alerts.decisions import ACKNOWLEDGE, decide

    for decision in decide(Home(home), alert_id, ACKNOWLEDGE, by, note):
        typer.echo(decision.alert_id)


@alerts_app.command()
def snooze(
    alert_id: IdArgument,
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], help="Last day of silence.", metavar="DAY"),
    ],
    by: ByOption,
    note: NoteOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Let alerts sleep until a day. Kept across builds.

    Example: aftersales alerts snooze A9_visits:1:S001:2025-10-27 --until 2025-11-30 --by 张总
    """
    from aftersales.alerts.decisions import SNOOZE, decide

    for decision in decide(Home(home), alert_id, SNOOZE, by, note, day_of(until)):
        typer.echo(decision.alert_id)


@alerts_app.command()
def reopen(
    alert_id: IdArgument,
    by: ByOption,
    note: NoteOption = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Take a decision back: the alert speaks again.

    Example: aftersales alerts reopen A9_visits:1:S001:2025-10-27 --by 张总
    """
    from aftersales.alerts.decisions import REOPEN, decide

    for decision in decide(Home(home), alert_id, REOPEN, by, note):
        typer.echo(decision.alert_id)


def replay(
    rule: Annotated[
        str, typer.Option(help="Rule (A9_visits), number of the requirement (A9), or score.")
    ],
    since: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day.", metavar="DAY")
    ],
    until: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day.", metavar="DAY")
    ],
    threshold: Annotated[
        list[str] | None,
        typer.Option(
            help="What to try: name=number, as yellow=12, red=20, close_after=5; for the score an "
            "item's target, as nps=65. May be repeated."
        ),
    ] = None,
    rule_set: Annotated[str, typer.Option(help="Rule set of the score.")] = "requirement",
    against: Annotated[
        str | None, typer.Option(help="Rule set to hold it against; its own if not given.")
    ] = None,
    home: HomeOption = DEFAULT_HOME,
) -> None:
    """Run a rule or the score over history: how often it fires, on what, which colours flip.

    Example: aftersales replay --rule A9 --from 2025-01-01 --to 2025-10-31 --threshold red=20
    """
    from aftersales.alerts.decisions import published
    from aftersales.alerts.digest import make_console
    from aftersales.alerts.replay import ReplayRequest, print_replay
    from aftersales.alerts.replay import replay as run_replay
    from aftersales.progress import Progress
    from aftersales.settings import Settings

    place = Home(home)
    request = ReplayRequest(
        rule, since.date(), until.date(), tuple(threshold or ()), rule_set, against
    )
    shown = run_replay(place, Settings(), Progress(), request)
    print_replay(shown, published(place).synthetic_label, make_console())
