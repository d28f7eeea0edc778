"""What a person sees in the terminal after `connect new` and `connect check`."""

from rich.console import Console
from rich.table import Table

from aftersales.connect.checked import Report
from aftersales.connect.document import reach
from aftersales.connect.new import Written
from aftersales.settings import Settings


def print_summary(written: Written, home_option: str) -> None:
    """Each table with how much of it is mapped, and the command to go on with."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None)
    for title in ("Source", "feeds", "sure", "mapped", "to decide", "missing"):
        table.add_column(title, justify="left" if title in {"Source", "feeds"} else "right")
    open_columns = 0
    for one in written.proposal.tables:
        raw_name = f"{one.raw.system}.{one.raw.name}"
        needed = written.proposal.needed.get(raw_name, frozenset())
        mapped = sum(column.is_sure for column in one.columns.values())
        undecided = sum(
            not column.is_sure and (column.best is not None or name in needed - {"time_zone"})
            for name, column in one.columns.items()
        )
        open_columns += undecided
        table.add_row(
            one.table.name, raw_name, f"{one.confidence:.2f}", str(mapped), str(undecided),
            str(len(one.columns) - mapped - undecided),
        )  # fmt: skip
    console.print(table)
    found = reach(written.proposal, Settings().project_dir)
    console.print(
        f"\nOnce everything is decided: {len(found.ready)} metrics have all they need, "
        f"{len(found.less_exact)} are less exact, {len(found.comparing)} compare what there is, "
        f"{len(found.wanting)} cannot be computed: {written.document} says why."
    )
    name = written.proposal.connector.name
    if open_columns:
        console.print(
            f"Next: decide the {open_columns} lines marked todo in {written.connector}, then "
            f"aftersales connect check {name}{home_option}"
        )
    else:
        console.print(f"Next: aftersales connect check {name}{home_option}")


def print_findings(report: Report, home_option: str) -> None:
    """Rows by table, then each finding in one sentence."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table(box=None)
    for title in ("Source", "feeds", "rows looked at", "would land", "rejected"):
        table.add_column(title, justify="left" if title in {"Source", "feeds"} else "right")
    for one in report.tables:
        table.add_row(
            one.source,
            one.raw,
            f"{one.rows:,}",
            f"{one.rows - one.rejected:,}",
            f"{one.rejected:,}",
        )
    console.print(table)
    for finding in report.findings:
        mark = "[red]✗[/]" if finding.is_error else "[yellow]![/]"
        console.print(f"{mark} ", end="")
        console.print(finding.sentence, markup=False)
    if not report.findings:
        console.print("Nothing to object to.")
    if not report.errors:
        console.print(f"Next: aftersales run{home_option}")
