"""The list of worked examples is whole, and what it says of tests is true of them."""

import ast
import dataclasses
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

import pytest
import yaml

from golden.cases import NOT_COMPUTABLE, TESTED, VERDICTS, Case, read_cases, same
from golden.page import PAGE, PROJECT, page

# Every example of the requirements, by document.
IDS = re.findall(
    r"\S+",
    """
    S1-BUD S1-BEN S1-BEN-DUP S1-ROI-1 S1-ROI-2 S1-ROI-3 S1-ROI-3-NODUP S1-ROI-3-ACCR S1-PAYBACK
    S1-TEAM S1-15MIN S1-BONUS S1-BUDGETASK S1-GM S1-RET S1-WAIT S1-FAULT S1-COST S1-REV S1-PROFIT
    S1-RECO
    S3-HRS S3-PROG S3-REVSUM S3-ATT S3-SUBT S3-FC S3-VIS S3-VISP S3-DAY S3-TICKET S3-HEADS S3-AL2
    S3-AL2M S3-AL3 S3-AL1 S3-MEAN S3-VS-海淀店 S3-VS-朝阳店 S3-VS-西城店 S3-VS-东城店 S3-VS-丰台店
    S3-VS-石景山店 S3-VS-通州店 S3-VS-大兴店 S3-DX S3-CRM S3-WAKE S3-PILOT S3-LMS S3-MAT S3-MATTICK
    S3-PLAN S3-KB
    S4-STORES S4-NPSSTORE S4-OLD S4-NEW S4-OLDNEW S4-LI S4-CUST S4-BIZNPS S4-BIZGM S4-NPSM S4-OCT
    S4-BM S4-CAUSAL S4-QUEUE S4-LTV S4-HEALTH S4-HEALTHREL
    S0-SHARE S0-STOCK S0-WAIT
    S2-STORES S2-WASTE S2-GAP
    """,
)
CASES = read_cases()
DICTIONARY = PROJECT / "semantic" / "dictionary" / "not_computable.yml"


def faults(cases: Sequence[Case]) -> list[str]:
    """What is wrong with the list."""
    ids = [case.id for case in cases]
    found = [f"{name} is missing" for name in IDS if name not in ids]
    found += [f"{name} is no case" for name in ids if name not in IDS]
    found += [f"{name} is listed twice" for name in sorted({n for n in ids if ids.count(n) > 1})]
    for case in cases:
        found += [f"{case.id} {fault}" for fault in [*_row_faults(case), *_where_faults(case)]]
    return found


def _row_faults(case: Case) -> list[str]:
    found = []
    if case.status not in {TESTED, NOT_COMPUTABLE}:
        found.append(f"has the unknown status {case.status}")
    if case.verdict not in VERDICTS:
        found.append(f"has the unknown verdict {case.verdict}")
    if (case.verdict == "derived") != (case.stated is None):
        found.append("is derived only if nothing is stated")
    if case.recomputed is None:
        found.append("has no recomputed figure")
    if case.status == TESTED and not case.where:
        found.append("is tested nowhere")
    if case.status == NOT_COMPUTABLE and (case.where or not case.reason):
        found.append("cannot be computed: that needs a reason, and no test")
    known = yaml.safe_load(DICTIONARY.read_text(encoding="utf-8"))["not_computable"]
    named = re.findall(r"\(dictionary: (\w+)\)", case.reason)
    found += [
        f"names {name}, which the dictionary does not know" for name in named if name not in known
    ]
    if case.status == TESTED and case.verdict in {"agrees", "differs"}:
        agrees = _rounds_to(case.stated, case.recomputed)
        if agrees is not None and agrees != (case.verdict == "agrees"):
            found.append(f"{case.verdict}, and yet {case.stated} is stated for {case.recomputed}")
    return found


def _rounds_to(stated: Any, recomputed: Any) -> bool | None:
    """Whether a figure, rounded as the stated one is, is that one; None for what is no number."""
    if isinstance(stated, list) and isinstance(recomputed, list):
        pairs = [_rounds_to(*pair) for pair in zip(stated, recomputed, strict=True)]
        return None if None in pairs else all(pairs)
    if isinstance(stated, int | Decimal) and isinstance(recomputed, int | Decimal):
        unit = Decimal(1).scaleb(Decimal(stated).as_tuple().exponent)  # type: ignore[arg-type]
        return Decimal(recomputed).quantize(unit, ROUND_HALF_UP) == stated
    return None


def _where_faults(case: Case) -> list[str]:
    found = []
    for where in case.where:
        path, _, name = where.partition("::")
        text = _tests_of(path).get(name)
        if text is None:
            found.append(f"is tested by {where}, which does not exist")
        # S4-NEW is not S4-NEWS, and S1-ROI-3 is not S1-ROI-3-ACCR.
        elif not re.search(rf"(?<![\w-]){re.escape(case.id)}(?![\w-])", text):
            found.append(f"is not named by {where}")
    return found


@cache
def _tests_of(path: str) -> dict[str, str]:
    """Names and text of the tests in a file: functions of a test module, unit tests of a model."""
    file = PROJECT / path
    if not file.is_file():
        return {}
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".yml":
        return {
            test["name"]: str(test["description"]) for test in yaml.safe_load(text)["unit_tests"]
        }
    tree = ast.parse(text)
    values = {
        target.id: ast.get_source_segment(text, node) or ""
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {
        node.name: _with_parameters(text, node, values)
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def _with_parameters(text: str, node: ast.FunctionDef, values: dict[str, str]) -> str:
    """A test's own text, with the table it is run over."""
    tables = [
        values[name.id]
        for decorator in node.decorator_list
        for name in ast.walk(decorator)
        if isinstance(name, ast.Name) and name.id in values
    ]
    return "\n".join([ast.get_source_segment(text, node) or "", *tables])


def test_the_list_is_whole_and_true() -> None:
    assert faults(CASES) == []


def test_the_page_is_the_list() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(CASES), (
        "docs/worked-examples.md is stale: run `make worked-examples`"
    )


def changed(case_id: str, **more: Any) -> list[Case]:
    """The list with another row for a case."""
    return [dataclasses.replace(one, **more) if one.id == case_id else one for one in CASES]


@pytest.mark.parametrize(
    ("cases", "fault"),
    [
        ([one for one in CASES if one.id != "S3-ATT"], "S3-ATT is missing"),
        ([*CASES, CASES[0]], "S1-BUD is listed twice"),
        (changed("S3-ATT", id="S9-ATT"), "S9-ATT is no case"),
        (changed("S3-ATT", status="done"), "S3-ATT has the unknown status done"),
        (changed("S3-ATT", where=()), "S3-ATT is tested nowhere"),
        (changed("S3-ATT", stated=89), "S3-ATT differs, and yet 89 is stated for 89.06"),
        (changed("S3-ATT", verdict="agrees"), "S3-ATT agrees, and yet 88 is stated for 89.06"),
        (
            changed("S3-KB", reason=""),
            "S3-KB cannot be computed: that needs a reason, and no test",
        ),
        (
            changed("S3-KB", reason="(dictionary: copying)"),
            "S3-KB names copying, which the dictionary does not know",
        ),
        (
            changed("S3-ATT", where=("tests/golden/test_board.py::test_gone",)),
            "S3-ATT is tested by tests/golden/test_board.py::test_gone, which does not exist",
        ),
        (
            changed("S3-ATT", where=("tests/golden/test_gone.py::test_gone",)),
            "S3-ATT is tested by tests/golden/test_gone.py::test_gone, which does not exist",
        ),
        (
            changed("S3-ATT", where=("tests/golden/test_board.py::test_time_progress",)),
            "S3-ATT is not named by tests/golden/test_board.py::test_time_progress",
        ),
        (
            changed(
                "S3-ATT",
                where=(
                    "models/marts/performance/fct_scores__unit_tests.yml::"
                    "totals_of_the_eight_readings",
                ),
            ),
            "S3-ATT is not named by models/marts/performance/fct_scores__unit_tests.yml::"
            "totals_of_the_eight_readings",
        ),
    ],
)
def test_a_fault_of_the_list_is_seen(cases: list[Case], fault: str) -> None:
    assert fault in faults(cases)


@pytest.mark.parametrize(
    ("listed", "found", "is_same"),
    [
        (Decimal("89.06"), 89.0625, True),
        (Decimal("89.06"), 89.07, False),
        (Decimal("-40.0"), -40, True),
        (2850, 2850.01, False),
        (2850, None, False),
        ([-3, -2], [-3, -2], True),
        ([-3, -2], [-3, 2], False),
        ([-3, -2], [-3], False),
        ({"points": 7}, {"points": 7, "percent": 8}, False),
        (None, None, True),
        (None, 0, False),
        ("+7%", "+7", False),
    ],
)
def test_figures_are_compared_at_the_decimals_listed(
    listed: Any, found: Any, is_same: bool
) -> None:
    assert same(listed, found) is is_same


def test_another_figure_makes_the_page_stale() -> None:
    assert page(changed("S3-ATT", recomputed=88)) != page(CASES)
