"""Shapes of formulas over sums in brackets."""


def share(top: str, bottom: str) -> str:
    """A ratio that is empty where its denominator is zero."""
    return f"1e0 * ({top}) / nullif({bottom}, 0)"


def only(condition: str, formula: str) -> str:
    """A value that only some questions have."""
    return f"case when {condition} then {formula} end"
