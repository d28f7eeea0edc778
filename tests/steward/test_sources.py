"""Two systems that feed the same tables are two sources in the report."""

import duckdb

from aftersales.settings import Settings

SOURCES = Settings().project_dir / "scripts" / "aftersales" / "steward" / "sql" / "sources.sql"


def test_two_dms_are_told_apart_and_corrections_counted_once() -> None:
    with duckdb.connect() as connection:
        connection.execute("""
            create schema landing;
            create schema quality;
            create table landing.batches as from (values
                ('dms', 'bays', '1', 'dms/bays/2025-01.csv', 2),
                ('dms', 'bays', '2', 'legacy_dms/gw.csv', 1),
                ('dms', 'bays', '3', 'corrections/bays.csv', 0)
            ) as batches (system, table_name, batch_id, source_file, rows_rejected);
            create table quality.dq_corrections as
                select 'dms' as system, 'bays' as table_name, '3' as corrected_batch_id;
            create table quality.dq_row_accounting as from (values
                ('dms', 'bays', '1', 10, 9, 1, 0), ('dms', 'bays', '2', 5, 3, 1, 1),
                ('dms', 'bays', '3', 1, 1, 0, 0)
            ) as accounts (
                system, table_name, batch_id,
                rows_landed, rows_clean, rows_quarantined, rows_repaired
            );
            create table quality.dq_store_landings as
                select system, table_name, batch_id, rows_clean as rows_passed
                from quality.dq_row_accounting;
        """)
        found = connection.execute(SOURCES.read_text(encoding="utf-8")).fetchall()
    assert found == [
        ("dms", None, 10, 9, 1, 0, 2, 0.9),
        ("dms", "bays", 10, 9, 1, 0, 2, 0.9),
        ("legacy_dms", None, 5, 3, 1, 1, 1, 0.6),
        ("legacy_dms", "bays", 5, 3, 1, 1, 1, 0.6),
    ]
