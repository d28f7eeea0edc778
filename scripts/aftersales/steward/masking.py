"""SQL that hides personal data before anything is printed: whole columns, and patterns in text."""

import re

from aftersales.sql import identifier

# The names that the project's conventions demand of personal columns.
_NAMES = re.compile(r"_name$")
_NUMBERS = re.compile(r"^(phone(_\w+)?|vin|plate_no|email|address|id_card_no)$")
_PUBLIC_NAMES = {
    "store_name", "region_name", "city_name", "brand_name", "model_name", "part_name",
    "service_item_name", "item_name",
}  # fmt: skip
_PHONE = r"(\b|\+?86[- ]?)1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}\b"
_VIN = r"\b[A-HJ-NPR-Za-hj-npr-z0-9IOQioq]{17}\b"
_PLATE = (
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z])[·. ]?[A-Z0-9]{5,6}"
)


def masked_text(expression: str) -> str:
    """A text with phones, VINs and plates in it hidden, by their form."""
    text = f"cast({expression} as varchar)"
    text = f"regexp_replace({text}, '{_PHONE}', '1**********', 'g')"
    text = f"regexp_replace({text}, '{_VIN}', '*****************', 'g')"
    return f"regexp_replace({text}, '{_PLATE}', '\\1*****', 'g')"


def masked_column(name: str, relation: str) -> str:
    """A column as text; of a personal one only beginning and length: they show what is wrong."""
    column = f"{relation}.{identifier(name)}"
    kept = _kept_letters(name)
    if kept is None:
        return masked_text(column)
    text = f"cast({column} as varchar)"
    return f"left({text}, {kept}) || repeat('*', greatest(length({text}) - {kept}, 0))"


def _kept_letters(name: str) -> int | None:
    """How many letters of a personal column may be shown; None for a column that is not."""
    if _NUMBERS.search(name):
        return 3
    if _NAMES.search(name) and name not in _PUBLIC_NAMES:
        return 1
    return None
