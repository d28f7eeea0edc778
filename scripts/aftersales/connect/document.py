"""The mapping as a document: what was found, what is missing, what that costs, what to decide."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aftersales.connect.needs import Reach, Want, reach_of
from aftersales.connect.propose import TableProposal
from aftersales.connect.write import Proposal, declaration
from aftersales.contract import RawTable
from aftersales.metrics.dictionary import Metric

_SHOWN = 12


def delivered_columns(proposal: Proposal, *, with_open: bool) -> list[str]:
    """The raw columns that are filled, `system.table.column`."""
    return [
        f"{table.raw.system}.{table.raw.name}.{name}"
        for table in proposal.tables
        for name in table.columns
        for declared in (_declared(proposal, table, name),)
        if ("from" in declared or "constant" in declared) and (with_open or "todo" not in declared)
    ]


def _declared(proposal: Proposal, table: TableProposal, name: str) -> dict[str, Any]:
    raw_name = f"{table.raw.system}.{table.raw.name}"
    return declaration(
        table.columns[name],
        is_needed=name in proposal.needed.get(raw_name, frozenset()),
        zone=proposal.connector.time_zone,
    )


def document_text(
    proposal: Proposal, contract: dict[tuple[str, str], RawTable], project: Path
) -> str:
    """The document in Markdown."""
    name = proposal.connector.name
    lines = [
        f"# The source {name}, and what it feeds",
        "",
        f"Written by `aftersales connect new {name}` beside `{name}.yml`, from a sample of "
        f"{len(proposal.tables) + len(proposal.unused)} tables. The mapping itself is the YAML "
        "file; this page explains it.",
        "",
        "## To decide",
        "",
        *_decisions(proposal),
        "",
        "## Tables",
    ]
    for table in proposal.tables:
        lines += ["", *_table_section(proposal, table)]
    fed = {(one.raw.system, one.raw.name) for one in proposal.tables}
    lines += ["", "## Raw tables that nothing feeds", ""]
    lines += [f"- `{system}.{table}`" for system, table in contract if (system, table) not in fed]
    lines += ["", "## Tables of the source that feed nothing", ""]
    lines += [
        f"- `{one.name}`: {', '.join(f'`{column}`' for column in list(one.columns)[:_SHOWN])}"
        for one in proposal.unused
    ] or ["None."]
    lines += [f"- could not be read: {problem}" for problem in proposal.problems]
    lines += ["", *_metrics_section(proposal, project)]
    return "\n".join(lines) + "\n"


def _decisions(proposal: Proposal) -> list[str]:
    lines = [
        f"- **{table.table.name}** → `{table.raw.system}.{table.raw.name}.{name}`: "
        f"{declared['todo']}" + (f" Proposed: `{declared['from']}`." if "from" in declared else "")
        for table in proposal.tables
        for name in table.columns
        for declared in (_declared(proposal, table, name),)
        if "todo" in declared
    ]
    lines.append(
        f"- Time zone of times that have none: taken to be `{proposal.connector.time_zone}`."
    )
    return lines


def _table_section(proposal: Proposal, table: TableProposal) -> list[str]:
    size = (
        f"{table.table.rows:,} rows" if table.table.is_whole else f"over {table.table.rows:,} rows"
    )
    lines = [
        f"### `{table.table.name}` → `{table.raw.system}.{table.raw.name}`",
        "",
        f"{size}; recognised with confidence {table.confidence:.2f}.",
        *(f" {note}." for note in table.table.notes),
        "",
        "| contract column | source | state | why |",
        "|---|---|---|---|",
    ]
    used = set()
    for name in table.columns:
        declared = _declared(proposal, table, name)
        used.add(declared.get("from"))
        lines.append(
            f"| `{name}` | {_source_of(declared)} | {_state_of(declared)} "
            f"| {declared.get('note', declared.get('todo', ''))} |".replace("\n", " ")
        )
    unused = [column for column in table.table.columns if column not in used]
    if unused:
        listed = ", ".join(f"`{one}`" for one in unused)
        lines += ["", f"Landed under their own names, read by no model: {listed}."]
    return lines


def _source_of(declared: dict[str, Any]) -> str:
    if "constant" in declared:
        return f"always `{declared['constant']}`"
    if "from" not in declared:
        return "–"
    text = f"`{declared['from']}`"
    if "look_up" in declared:
        look = declared["look_up"]
        text = f"`{look['table']}.{declared['from']}` by `{look['by']}`"
    if "unit" in declared:
        text += f" in {declared['unit']}"
    if "format" in declared:
        text += f", `{declared['format']}`"
    if "values" in declared:
        text += ", codes mapped"
    return text


def _state_of(declared: dict[str, Any]) -> str:
    if "todo" in declared:
        return "**to decide**"
    return "missing" if "absent" in declared else "mapped"


def reach(proposal: Proposal, project: Path) -> Reach:
    """What can be computed once everything that is open has been decided as proposed."""
    delivered = delivered_columns(proposal, with_open=True)
    return reach_of(project, delivered, proposal.most_tables)


def _metrics_section(proposal: Proposal, project: Path) -> list[str]:
    found = reach(proposal, project)
    lines = [
        "## Metrics",
        "",
        "Once everything above is decided as proposed:",
        "",
        f"- **{len(found.ready)} have all they need**: {_titles(found.ready)}",
        f"- **{len(found.less_exact)} are computed, less exactly**: for want of "
        f"{_columns(sorted({one for want in found.less_exact for one in want.lacks}))}: "
        f"{_titles([want.metric for want in found.less_exact])}",
        f"- **{len(found.comparing)} compare other metrics** and show what there is: "
        f"{_titles(found.comparing)}",
        f"- **{len(found.wanting)} cannot be computed**, by what is missing:",
        "",
    ]
    by_want: dict[tuple[str, ...], list[Want]] = {}
    for want in found.wanting:
        by_want.setdefault(want.lacks, []).append(want)
    for lacks, group in sorted(by_want.items(), key=lambda one: (-len(one[1]), one[0])):
        metrics = [want.metric for want in group]
        lines.append(f"  - for want of {_columns(lacks)}: {_titles(metrics)}")
    return lines


def _columns(columns: Sequence[str]) -> str:
    return ", ".join(f"`{one.removesuffix('.*')}`" for one in columns[:_SHOWN]) or "nothing"


def _titles(metrics: list[Metric]) -> str:
    return ", ".join(f"{one.title_zh} {one.title_en}" for one in metrics) or "none"
