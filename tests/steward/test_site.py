"""The steward's report: linked, bilingual, complete, and nobody can be told from it."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import duckdb
import pytest

from aftersales.settings import Settings
from aftersales.steward import reading, site
from aftersales.steward.masking import masked_column, masked_text

from .conftest import PHONE, PLATE, RULE, VIN, Workplace

PROJECT = Settings().project_dir
PERSONS = """
    select phone from staging.stg_dms__customers where phone is not null
    union select phone from staging.stg_crm__customers where phone is not null
    union select customer_name from staging.stg_dms__customers where length(customer_name) > 1
    union select customer_name from staging.stg_crm__customers where length(customer_name) > 1
    union select vin from staging.stg_dms__vehicles where vin is not null
    union select vin from staging.stg_crm__vehicles where vin is not null
    union select plate_no from staging.stg_dms__vehicles where plate_no is not null
    union select plate_no from staging.stg_crm__vehicles where plate_no is not null
    union select technician_name from staging.stg_dms__technicians
    union select advisor_name from staging.stg_dms__advisors
"""


# What people key into a mandatory field when a vehicle has no plate.
NOBODY = {"无", "无牌"}


class Links(HTMLParser):
    """Collects what a page points at, and how much it says in each language."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.spoken = {"zh": 0, "en": 0}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in ("href", "src"):
            if values.get(name):
                self.links.append(str(values[name]))
        if tag == "span" and values.get("lang") in self.spoken:
            self.spoken[str(values["lang"])] += 1


def pages_of(folder: Path) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.html"))}


def words_of(text: str) -> set[str]:
    """What stands between tags and blanks, as it is read."""
    bare = re.sub(r"<script>.*?</script>|<style>.*?</style>", " ", text, flags=re.DOTALL)
    return set(re.split(r"[\s,;:，。：；·()（）]+", unescape(re.sub(r"<[^>]*>", " ", bare))))


def leaks(workplace: Workplace) -> set[str]:
    """Persons' data that stand in the report."""
    persons = {str(value) for (value,) in workplace.rows(workplace.second, PERSONS)} - NOBODY
    found: set[str] = set()
    for text in pages_of(workplace.site).values():
        found |= words_of(text) & persons
        found |= {planted for planted in (PHONE, VIN, PLATE) if planted in text}
    return found


def test_every_link_leads_somewhere_on_the_disk(workplace: Workplace) -> None:
    for path, text in pages_of(workplace.site).items():
        parser = Links()
        parser.feed(text)
        assert parser.links
        for link in parser.links:
            assert "//" not in link, (path.name, link)
            assert (path.parent / link.split("#")[0].split("?")[0]).is_file(), (path.name, link)
        assert "http" not in re.sub(r"<pre>.*?</pre>", "", text, flags=re.DOTALL)


def test_every_page_speaks_both_languages(workplace: Workplace) -> None:
    for path, text in pages_of(workplace.site).items():
        parser = Links()
        parser.feed(text)
        assert parser.spoken["zh"] == parser.spoken["en"] > 5, path.name


def test_a_page_for_each_rule_that_fires_and_none_besides(workplace: Workplace) -> None:
    firing = workplace.rows(
        workplace.second, "select rule_id from quality.dq_rule_results where status <> 'PASS'"
    )
    pages = {path.stem for path in (workplace.site / "rules").iterdir()}
    assert pages == {str(rule_id) for (rule_id,) in firing}


def test_a_rule_page_tells_what_who_and_how(workplace: Workplace) -> None:
    text = unescape((workplace.site / "rules" / f"{RULE}.html").read_text(encoding="utf-8"))
    for expected in (
        "工单状态必须在代码表中。",
        "Repair order status is a code of its list.",
        "store-operations",
        "产值",
        "aftersales correct dms.repair_orders",
        f"strpos(flag_rule_ids, '|{RULE}|') > 0",
        "yuan in doubt",
    ):
        assert expected in text, expected


def test_the_index_says_what_changed(workplace: Workplace) -> None:
    text = (workplace.site / "index.html").read_text(encoding="utf-8")
    assert workplace.first.version_id in text
    assert re.search(r"repaired rows</span> 0 → 1", text)
    first = workplace.home.versions / workplace.first.version_id / "steward" / "index.html"
    assert "There is no previous version" in first.read_text(encoding="utf-8")


def test_corrections_are_shown_without_values(workplace: Workplace) -> None:
    text = (workplace.site / "corrections.html").read_text(encoding="utf-8")
    assert "张三" in text
    assert "customer called from 1**********" in text
    assert text.count("still breaks") == 1
    assert text.count(">repaired</span>") == 1


def test_nobody_can_be_told_from_the_report(workplace: Workplace) -> None:
    assert leaks(workplace) == set()


def test_the_check_for_leaks_finds_one(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(reading, "masked_column", lambda name, relation: f"{relation}.{name}")
        site.write_site(workplace.home, workplace.second, PROJECT)
        found = leaks(workplace)
    assert {kind for kind in ("1", "L", "京") if any(one.startswith(kind) for one in found)}
    with monkeypatch.context() as patch:
        patch.setattr(reading, "masked_text", lambda expression: expression)
        site.write_site(workplace.home, workplace.second, PROJECT)
        assert {PHONE, VIN, PLATE} <= leaks(workplace)
    site.write_site(workplace.home, workplace.second, PROJECT)
    assert leaks(workplace) == set()


@pytest.mark.parametrize(
    ("column", "value", "masked"),
    [
        ("phone", "13812345678", "138********"),
        ("vin", "LSVAA4182E2123456", "LSV**************"),
        ("plate_no", "京A12345", "京A1****"),
        ("customer_name", "欧阳明", "欧**"),
        ("store_name", "海淀店", "海淀店"),
        ("status", "call +86 138 1234 5678 now", "call 1********** now"),
        ("status", "RO251009-001", "RO251009-001"),
        ("status", "沪B88888 and 苏EDF1234", "沪B***** and 苏E*****"),
    ],
)
def test_what_is_personal_is_masked(column: str, value: str, masked: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f'create table t as select $1 as "{column}"', [value])
        expression = masked_column(column, "t")
        assert connection.execute(f"select {expression} from t").fetchall() == [(masked,)]
        text = masked_text(f'"{column}"')
        assert connection.execute(f"select {text} from t").fetchone() != (PHONE,)
