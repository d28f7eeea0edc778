"""What the published version says about a metric that cannot be known everywhere."""

from pathlib import Path

import duckdb

from aftersales.home import Home
from aftersales.warehouse.versions import database_of, published_manifest

_REASONS = """
    select scope_key, availability, reason_zh, reason_en
    from marts.fct_metric_availability
    where metric_code = ? and availability <> 'available'
    order by case scope_kind when 'network' then 1 when 'region' then 2 else 3 end, scope_key
"""


def reasons(home: Path, metric: str) -> list[str]:
    """Say, by scope, why a metric cannot be known; nothing where it can or nothing is published."""
    published = published_manifest(Home(home))
    if published is None:
        return []
    database = database_of(Home(home), published.version_id)
    with duckdb.connect(str(database), read_only=True) as connection:
        try:
            rows = connection.execute(_REASONS, [metric]).fetchall()
        except duckdb.CatalogException:
            return []
    return [f"{scope}: {state}, {zh} / {en}" for scope, state, zh, en in rows]
