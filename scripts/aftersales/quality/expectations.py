"""The classes every suite of the gate is made of.

Importing this module imports Great Expectations, which costs eight seconds: only the audit does.
Both kinds count inside DuckDB. Great Expectations would otherwise also fetch the failing rows;
the gate writes those down by itself, completely, into `quality.dq_failing_rows`.
"""

from __future__ import annotations

from typing import Any, ClassVar

import great_expectations.expectations as gxe
from great_expectations.core.result_format import ResultFormat


class ExpectFlaggedRowsWithinTolerance(gxe.ExpectColumnSumToBeBetween):  # type: ignore[misc]
    """The rows of a staging table that a row rule flagged do not exceed its warning ratio."""


class ExpectNoRows(gxe.UnexpectedRowsExpectation):  # type: ignore[misc]
    """A set rule: its query gives the rows that break it, and there are no more than tolerated."""

    tolerated_row_count: int = 0

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        row_count = metrics["unexpected_rows_query.row_count"]
        success = row_count <= self.tolerated_row_count
        result_format = self._get_result_format(runtime_configuration=runtime_configuration)
        if isinstance(result_format, dict):
            result_format = result_format.get("result_format", ResultFormat.BASIC)
        if result_format == ResultFormat.BOOLEAN_ONLY:
            return {"success": success}
        return {"success": success, "result": {"observed_value": row_count}}
