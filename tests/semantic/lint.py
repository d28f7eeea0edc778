"""Rules for the model: what Cube gets silently wrong, and what the contract promises."""

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from aftersales.metrics.model import Document, Model, ViewMember

ROLES = {"hq", "region_manager", "store_manager", "steward", "engineer"}
PERSONAL_ROLES = {"steward", "store_manager"}
FAMILIES = {"efficiency", "quality", "satisfaction", "finance"}
DIRECTIONS = {"up", "down", "neutral", "band"}
MEASURE_META = {"unit", "direction", "family", "owner", "maturity_days", "formula", "synonyms"}
FORBIDDEN_KEYS = {
    "default_filters": "Cube ignores them in the planner used here",
    "grain": "multi-stage grain gives wrong numbers",
    "multi_stage": "multi-stage members are not portable",
    "calendar": "SQL overrides in calendar cubes give wrong numbers",
    "prefix": "members keep their own names",
    "rolling_window": "windows belong in a mart",
}
TITLE = re.compile(r"^\S.* / \S.*$")
CHINESE = re.compile("[一-鿿]|^(ISO|ABC|NPS)")
UNPORTABLE = re.compile(r"::|\b(MEDIAN|MODE|PERCENTILE_CONT|BOOL_OR|INTERVAL)\b", re.IGNORECASE)


def lint_text(name: str, text: str) -> list[str]:
    """Rules on a file's text: Jinja would make Cube read the file as a template."""
    marks = [mark for mark in ("{{", "}}", "{%") if mark in text]
    return [f"{name}: holds {mark}, which makes Cube take it for Jinja" for mark in marks]


def lint_model(model: Model) -> list[str]:
    """Every broken rule as a sentence."""
    return [
        *_lint_cubes(model),
        *_lint_views(model),
        *_lint_members(model),
        *_lint_single_definitions(model),
    ]


def _keys(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield key
            yield from _keys(value)
    elif isinstance(document, list):
        for item in document:
            yield from _keys(item)


def _lint_cubes(model: Model) -> Iterator[str]:
    for name, cube in model.cubes.items():
        if cube.get("public") is not False:
            yield f"cube {name}: is not private, set public: false"
        if "access_policy" in cube:
            yield f"cube {name}: has a policy, policies belong to views"
        if "sql" in cube:
            yield f"cube {name}: holds SQL, transformation belongs in a mart"
        if not {"dbt_model", "serving_table"} & set(cube.get("meta", {})):
            yield f"cube {name}: does not name its table in meta"
        for key in FORBIDDEN_KEYS.keys() & set(_keys(cube)):
            yield f"cube {name}: uses {key}: {FORBIDDEN_KEYS[key]}"
        if name in model.views:
            yield f"cube {name}: shares its name with a view"
        for measure in cube.get("measures", []):
            is_helper = measure["name"].startswith("_")
            if is_helper and measure.get("public") is not False:
                yield f"{name}.{measure['name']}: a helper that is not private"
        for member in [*cube.get("measures", []), *cube.get("dimensions", [])]:
            if UNPORTABLE.search(str(member.get("sql", ""))):
                yield f"{name}.{member['name']}: SQL that other engines do not know"


def _lint_views(model: Model) -> Iterator[str]:
    for name, view in model.views.items():
        for key in FORBIDDEN_KEYS.keys() & set(_keys(view)):
            yield f"view {name}: uses {key}: {FORBIDDEN_KEYS[key]}"
        if not TITLE.match(view.get("title", "")) or not view.get("description"):
            yield f"view {name}: lacks a title in two languages or a description"
        members = model.view_members(name)
        listed = 0
        for part in view["cubes"]:
            if not isinstance(part["includes"], list):
                yield f"view {name}: includes everything of {part['join_path']}, list the members"
            else:
                listed += len(part["includes"])
        if listed != len(members):
            yield f"view {name}: lists a member that no cube has, or one twice"
        names = [member.name for member in members]
        if len(set(names)) != len(names):
            yield f"view {name}: two members share a name"
        if name in names:
            yield f"view {name}: a member shares the view's name"
        yield from _lint_policies(model, name, view, members)


def _lint_policies(
    model: Model, name: str, view: Document, members: list[ViewMember]
) -> Iterator[str]:
    policies = view.get("access_policy", [])
    if not policies:
        yield f"view {name}: has no access policy"
    for policy in policies:
        group = policy.get("group")
        if group not in ROLES:
            yield f"view {name}: a policy for the unknown group {group}"
        rows = policy.get("row_level", {})
        if rows.get("allow_all") is not True and not rows.get("filters"):
            yield f"view {name}: the policy of {group} has no row rule, which opens every row"
        for row_filter in rows.get("filters", []):
            if row_filter["member"] not in {member.name for member in members}:
                yield f"view {name}: filters rows by {row_filter['member']}, not a member of it"
    is_personal = any(member.meta.get("personal_data") for member in members)
    if is_personal and not set(model.groups(name)) <= PERSONAL_ROLES:
        yield f"view {name}: shows personal data to a role that may not see them"


def _lint_members(model: Model) -> Iterator[str]:
    for member in model.public_members():
        path, definition, meta = member.path, member.definition, member.meta
        title = str(definition.get("title", ""))
        if not TITLE.match(title) or not CHINESE.search(title):
            yield f"{path}: lacks a title '中文 / English'"
        if not definition.get("description"):
            yield f"{path}: lacks a description"
        if not meta.get("owner"):
            yield f"{path}: lacks an owner"
        if member.kind == "measures":
            if member.name.startswith("_"):
                yield f"{path}: a helper in a view"
            missing = MEASURE_META - set(meta)
            if missing:
                yield f"{path}: meta lacks {', '.join(sorted(missing))}"
            if meta.get("family") not in FAMILIES:
                yield f"{path}: belongs to no family of metrics"
            if (meta.get("unit") == "ratio") != (definition.get("format") == "percent"):
                yield f"{path}: a share has unit ratio and format percent, or neither"
            if meta.get("direction") not in DIRECTIONS:
                yield f"{path}: says no direction"


def _lint_single_definitions(model: Model) -> Iterator[str]:
    formulas: list[tuple[str, str]] = []
    definitions: list[tuple[str, str]] = []
    for cube in model.cubes.values():
        for measure in cube.get("measures", []):
            if not measure["name"].startswith("_"):
                definitions.append((measure["name"], cube["name"]))
                formula = (
                    re.sub(r"[^\w+*/-]+", " ", str(measure["meta"]["formula"])).strip().lower()
                )
                formulas.append((formula, f"{cube['name']}.{measure['name']}"))
    for name, group in groupby(sorted(definitions), key=itemgetter(0)):
        cubes = [cube for _, cube in group]
        if len(cubes) > 1:
            yield f"measure {name}: defined in {' and '.join(cubes)}, define it once"
    for formula, pairs in groupby(sorted(formulas), key=itemgetter(0)):
        measures = [measure for _, measure in pairs]
        if len(measures) > 1:
            yield f"formula '{formula}': two definitions, {' and '.join(measures)}"
