"""The defects of the demo company, each planted by rule and written to the answer key."""

from aftersales.demo.defects.dms import DEFECTS as DMS_DEFECTS
from aftersales.demo.defects.masters import DEFECTS as MASTER_DEFECTS
from aftersales.demo.defects.model import Defect
from aftersales.demo.defects.others import DEFECTS as OTHER_DEFECTS
from aftersales.demo.defects.others import UNDECODABLE_MARK

# Planted where the company lives, because they concern more than one row of one file.
WORLD_KINDS = ("customer_duplicated", "late_entry", "stock_day_missing", "store_day_missing")
DEFECTS: tuple[Defect, ...] = MASTER_DEFECTS + DMS_DEFECTS + OTHER_DEFECTS
KINDS: tuple[str, ...] = tuple(sorted({defect.kind for defect in DEFECTS} | set(WORLD_KINDS)))


def defects_of(system: str, table: str) -> list[Defect]:
    """Give the defects of one table in the order their shares of the draw lie."""
    return [defect for defect in DEFECTS if (defect.system, defect.table) == (system, table)]


__all__ = ["DEFECTS", "KINDS", "UNDECODABLE_MARK", "WORLD_KINDS", "Defect", "defects_of"]
