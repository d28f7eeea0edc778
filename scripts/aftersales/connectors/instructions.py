"""Mapping instructions: what a connector makes of each column, as a table for people."""

from dataclasses import dataclass

from aftersales.connectors.spec import (
    KEEP,
    NULL,
    UNIT_FACTORS,
    ColumnSpec,
    Connector,
    TableSpec,
    each_name,
)

HEADINGS = ("column", "type", "from", "how", "note")
_MOST_CODES = 12
_OTHERWISE = {KEEP: "others stay", NULL: "others are empty"}


@dataclass(frozen=True)
class Instructions:
    """One raw table of a connector: what it is made of, a line a column."""

    title: str
    facts: str
    lines: tuple[tuple[str, str, str, str, str], ...]

    def markdown(self) -> str:
        """The table as Markdown."""
        rows = [HEADINGS, ("---",) * len(HEADINGS), *self.lines]
        table = "\n".join(
            "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows
        )
        return f"### {self.title}\n\n{self.facts}\n\n{table}\n"


def instructions(connector: Connector, table: TableSpec) -> Instructions:
    """What a connector says about a raw table, also where it says nothing."""
    raw = table.feeds
    facts = [f"{table.note}." if table.note else "", f"Key: {', '.join(table.keys) or 'none'}."]
    if table.cursor is not None:
        facts.append(f"Changes by {table.cursor.column}.")
    if table.only is not None:
        facts.append(f"Rows whose {table.only.column} is {', '.join(table.only.codes)}.")
    if table.each is not None:
        facts.append(f"A row for each step of one source row that has a {table.each.into[0]}.")
    lines = [
        (
            name,
            kind,
            _origin(table, name),
            "; ".join(_steps(connector, table, name, kind)),
            table.column_of(name).note,
        )
        for name, kind in raw.columns.items()
    ]
    return Instructions(
        f"{table.source} → {raw.system}.{raw.name}",
        " ".join(fact for fact in facts if fact),
        tuple(lines),
    )


def _origin(table: TableSpec, name: str) -> str:
    spec = table.column_of(name)
    if table.each is not None and name in table.each.columns:
        place = table.each.columns.index(name) - 1
        if place < 0:
            return "the step's name"
        return ", ".join(sources[place] for sources in table.each.values.values())
    made = {} if table.each is None else {each_name(one): one for one in table.each.columns}
    return " + ".join(made.get(one, one) for one in spec.sources) or "—"


def _steps(connector: Connector, table: TableSpec, name: str, kind: str) -> list[str]:
    spec = table.column_of(name)
    if spec.constant is not None:
        return [f"always {spec.constant}"]
    if spec.is_absent:
        return ["the source has none"]
    steps = []
    if spec.look_up is not None:
        look = spec.look_up
        steps.append(f"of the row of {look.table} whose {look.key} is our {look.by}")
    if table.each is not None and name == table.each.column:
        steps.append(", ".join(table.each.values))
    if spec.joined:
        steps.append(f"joined by '{spec.join}'" if spec.join else "joined")
    if spec.values is not None:
        steps.append(_codes(spec))
    steps += [f"read as {one}" for one in spec.formats]
    steps += _factor(spec)
    if kind == "timestamp":
        zone = spec.time_zone or connector.time_zone
        steps += [] if zone == "UTC" else [f"{zone} → UTC"]
    return steps


def _factor(spec: ColumnSpec) -> list[str]:
    unit = UNIT_FACTORS.get(spec.unit or "", 1.0)
    steps = []
    if spec.unit is not None and unit != 1:
        steps.append(f"{spec.unit} → {'小时' if spec.unit in {'分钟', '秒'} else '元'}")
    if spec.factor != unit:
        steps.append(f"x {spec.factor / unit:g}")
    return steps


def _codes(spec: ColumnSpec) -> str:
    assert spec.values is not None
    codes = spec.values.codes
    otherwise = _OTHERWISE.get(spec.values.otherwise, "others are rejected")
    place = f" ({spec.values.file})" if spec.values.file else ""
    if len(codes) > _MOST_CODES:
        return f"{len(codes)} codes{place}, {otherwise}"
    listed = ", ".join(
        f"{code} → {'empty' if meaning is None else meaning}" for code, meaning in codes.items()
    )
    return f"{listed}{place}, {otherwise}"
