"""Finds the named expectation classes that `expectations/` declares."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from aftersales.quality.catalogue import ROW

FOLDER = "expectations"


def expectation_class(project_dir: Path, rule_kind: str, rule_id: str) -> Any:
    """The class that judges a rule: one of its own for a set rule, a common one for row rules."""
    from aftersales.quality import expectations

    if rule_kind == ROW:
        return expectations.ExpectFlaggedRowsWithinTolerance
    classes = set_rule_classes(project_dir.resolve())
    if rule_id not in classes:
        raise LookupError(
            f"no expectation class in {FOLDER}/ carries rule_id {rule_id}: declare one"
        )
    return classes[rule_id]


@cache
def set_rule_classes(project_dir: Path) -> dict[str, Any]:
    """Every declared expectation class by the id of its rule."""
    from aftersales.quality.expectations import ExpectNoRows

    classes: dict[str, Any] = {}
    for path in sorted((project_dir / FOLDER).glob("*.py")):
        module = _load(path)
        for value in vars(module).values():
            is_declared = isinstance(value, type) and value.__module__ == module.__name__
            if not is_declared or not issubclass(value, ExpectNoRows):
                continue
            rule_id = getattr(value, "rule_id", "")
            if rule_id in classes:
                raise LookupError(f"two expectation classes in {FOLDER}/ carry rule_id {rule_id}")
            classes[rule_id] = value
    return classes


def _load(path: Path) -> ModuleType:
    name = f"aftersales_{FOLDER}_{path.stem}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise LookupError(f"{path} cannot be loaded as a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
