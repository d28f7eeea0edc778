"""Units of measures: a share is shown in %, its change in percentage points."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from aftersales.errors import AftersalesError

UNITS_FILE = Path("semantic/dictionary/units.yml")


@dataclass(frozen=True)
class Unit:
    """A unit in both languages, with the unit of a difference of two values."""

    code: str
    zh: str
    en: str
    is_percent: bool
    change_zh: str
    change_en: str

    def show(self, value: float) -> str:
        """Write a value as people read it."""
        if self.is_percent:
            return f"{value * 100:g} %"
        return f"{value:g} {self.en}"


class Units:
    """The units that are known, compound ones included."""

    def __init__(
        self, simple: Mapping[str, Mapping[str, str]], per: Mapping[str, Mapping[str, str]]
    ):
        """Take simple units and what may follow `_per_`."""
        self._simple = simple
        self._per = per

    def find(self, code: str) -> Unit | None:
        """Give a unit by its code, None if it is not known."""
        amount, _, base = code.partition("_per_")
        simple = self._simple.get(amount)
        if simple is None or (base and base not in self._per):
            return None
        zh, en = simple["zh"], simple["en"]
        if base:
            zh = f"{zh}/{self._per[base]['zh']}"
            en = f"{en} per {self._per[base]['en']}"
        is_percent = simple.get("shown") == "percent"
        return Unit(
            code, zh, en, is_percent, simple.get("change_zh", zh), simple.get("change_en", en)
        )

    def get(self, code: str) -> Unit:
        """Give a unit by its code; raises AftersalesError when it is not known."""
        unit = self.find(code)
        if unit is None:
            raise AftersalesError(f"unit {code} is not known: add it to {UNITS_FILE}.")
        return unit


def read_units(project: Path) -> Units:
    """Read the units."""
    document = yaml.safe_load((project / UNITS_FILE).read_text(encoding="utf-8"))
    return Units(document["units"], document["per"])
