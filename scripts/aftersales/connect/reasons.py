"""Which columns may be which, and why, in words: what stands behind each confidence."""

from dataclasses import dataclass, field
from typing import Any

import duckdb

from aftersales.connect.knowledge import Limits

_LANGUAGES = {
    "own": "its name says what the contract's own says",
    "zh": "its name is like 「{word}」",
    "pinyin": "its name is the pinyin of 「{word}」",
    "en": "its name is like “{word}”",
    "de": "its name is like “{word}”",
}
_QUERY = """
select
    pairs.column_name, pairs.source_column, pairs.confidence, pairs.name_score, pairs.word,
    pairs.language, pairs.has_shape, pairs.shape, pairs.code_share, pairs.code_matches, pairs.unit,
    pairs.is_unit_sure, pairs.fitting_units,
    pairs.median_number, pairs.reference_score, pairs.to_column, pairs.is_like_key,
    pairs.is_referenced,
    pairs.code_list, (
        select list(contract_codes.code order by contract_codes.code)
        from contract_codes
        where contract_codes.code_list = pairs.code_list
    ) as contract_codes, profiles.formats, profiles.is_read_as_it_is, profiles.top_values,
    profiles.value_kind, profiles.filled, profiles.rows, pairs.data_type, pairs.shapes,
    target.source_table as to_table_name
from pairs
inner join profiles using (table_number, source_column)
left join (select distinct table_number, source_table from profiles) as target
    on pairs.to_table = target.table_number
where pairs.table_number = ? and pairs.raw_table = ? and pairs.confidence >= ?
order by pairs.column_name, pairs.confidence desc, pairs.source_column
"""


@dataclass(frozen=True)
class Candidate:
    """A column of the source that may be a column of the contract, and what speaks for it."""

    source_column: str
    confidence: float
    reasons: tuple[str, ...]
    unit: str | None = None
    formats: tuple[str, ...] = ()
    values: tuple[tuple[str, int], ...] = ()
    codes: dict[str, str] = field(default_factory=dict)
    look_up: tuple[str, str, str] | None = None
    contract_codes: tuple[str, ...] = ()
    shape: str = ""
    is_time: bool = False
    is_empty: bool = False
    other_units: tuple[str, ...] = ()

    @property
    def unknown_share(self) -> float:
        """Share of the coded rows whose code nothing explains."""
        coded = sum(times for _, times in self.values)
        unknown = sum(times for value, times in self.values if value not in self.codes)
        return unknown / coded if coded else 0.0


def candidates_of(
    engine: duckdb.DuckDBPyConnection, table_number: int, raw_table: str, limits: Limits
) -> dict[str, list[Candidate]]:
    """What could feed each column of a raw table, likeliest first."""
    answer = engine.execute(_QUERY, [table_number, raw_table, limits["open_confidence"]])
    names = [str(one[0]) for one in answer.description or []]
    found: dict[str, list[Candidate]] = {}
    for row in answer.fetchall():
        fact = dict(zip(names, row, strict=True))
        found.setdefault(str(fact["column_name"]), []).append(_candidate(fact))
    return found


def look_ups_of(engine: duckdb.DuckDBPyConnection) -> dict[int, dict[str, Candidate]]:
    """Keys that stand in a table the rows point to: what to look up, by table and column."""
    found: dict[int, dict[str, Candidate]] = {}
    if not engine.execute("select 1 from duckdb_tables() where table_name = 'look_ups'").fetchall():
        return found
    for number, column, by, table, key, source, share in engine.execute(
        "select table_number, column_name, by_column, other_table, other_key, other_column, share "
        "from look_ups"
    ).fetchall():
        reason = f"{by} holds keys of {table}.{key}, whose rows have it in {source}"
        found.setdefault(int(number), {})[str(column)] = Candidate(
            str(source), float(share), (reason,), look_up=(str(table), str(key), str(by))
        )
    return found


def _candidate(fact: dict[str, Any]) -> Candidate:
    is_time = fact["data_type"] in {"timestamp", "date"}
    needs_format = is_time and fact["formats"] and not fact["is_read_as_it_is"]
    matched = {one["value"]: one["code"] for one in fact["code_matches"] or []}
    seen = [(one["value"], int(one["times"])) for one in fact["top_values"] or []]
    return Candidate(
        str(fact["source_column"]),
        float(fact["confidence"]),
        tuple(_reasons(fact)),
        fact["unit"] or None,
        tuple(fact["formats"]) if needs_format else (),
        tuple(seen) if fact["code_list"] else (),
        matched if fact["code_list"] else {},
        contract_codes=tuple(fact["contract_codes"] or ()),
        shape=fact["shape"] or "",
        is_time=is_time,
        is_empty=fact["value_kind"] == "empty",
        other_units=() if fact["is_unit_sure"] else tuple(fact["fitting_units"] or ()),
    )


def _reasons(fact: dict[str, Any]) -> list[str]:
    reasons = []
    if fact["name_score"]:
        text = _LANGUAGES[fact["language"]].format(word=fact["word"])
        reasons.append(f"{text} ({fact['name_score']:.2f})")
    if fact["has_shape"]:
        reasons.append(f"its values have the shape of a {fact['shape']}")
    if fact["code_share"]:
        reasons.append(f"{100 * fact['code_share']:.0f} % of its values are codes we know")
    if fact["reference_score"]:
        reasons.append(f"its values are keys of {fact['to_table_name']}.{fact['to_column']}")
    if fact["is_referenced"]:
        reasons.append("other tables refer to it")
    if fact["is_like_key"]:
        reasons.append("unique and never empty")
    if fact["unit"]:
        reasons.append(f"in {fact['unit']} its middle value {fact['median_number']:g} is usual")
    if fact["value_kind"] == "empty":
        reasons.append("it holds no value in the sample")
    return reasons
