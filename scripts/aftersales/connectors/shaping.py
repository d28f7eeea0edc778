"""SQL of what the source says, before it becomes a value of the contract: joined, and decoded."""

from dataclasses import dataclass

from aftersales.connectors.spec import NULL, REJECT, CodeMap, ColumnSpec
from aftersales.sql import identifier, literal

_UNLISTED = "a code that its values do not list"


@dataclass(frozen=True)
class Shaped:
    """What the source says in SQL, with its type, and what is wrong with it."""

    sql: str
    data_type: str
    faults: tuple[tuple[str, str], ...] = ()


def shaped(sources: list[str], types: dict[str, str], spec: ColumnSpec) -> Shaped:
    """The columns of a source as one text, and its code as the contract's."""
    first = sources[0]
    sql, data_type = identifier(first), types[first]
    if len(sources) > 1:
        sql, data_type = _joined(sources, spec.join), "VARCHAR"
    if spec.values is None:
        return Shaped(sql, data_type)
    text = sql if data_type == "VARCHAR" else f"cast({sql} as varchar)"
    return _decoded(text, spec.values)


def _joined(sources: list[str], join: str) -> str:
    """One text of several columns; none without the first: a time without its day says nothing."""
    texts = [f"nullif(trim(cast({identifier(one)} as varchar)), '')" for one in sources]
    together = f"concat_ws({literal(join)}, {', '.join(texts)})"
    return f"(case when {texts[0]} is not null then {together} end)"


def _decoded(text: str, values: CodeMap) -> Shaped:
    code = f"trim({text})"
    said = " ".join(
        f"when {literal(one)} then {'null' if meaning is None else literal(meaning)}"
        for one, meaning in values.codes.items()
    )
    unlisted = "null" if values.otherwise == NULL else text
    sql = f"cast(case {code} {said} else {unlisted} end as varchar)"
    if values.otherwise != REJECT:
        return Shaped(sql, "VARCHAR")
    listed = ", ".join(literal(one) for one in values.codes)
    return Shaped(sql, "VARCHAR", ((f"({code} <> '' and {code} not in ({listed}))", _UNLISTED),))
