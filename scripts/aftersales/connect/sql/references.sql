-- A column that holds the keys of a recognised table: what the contract calls that key.
create or replace temporary table reference_scores as
select
    found_references.table_number, found_references.source_column,
    recognised.column_name,
    arg_max(found_references.to_table, found_references.certainty) as to_table,
    arg_max(found_references.to_column, found_references.certainty) as to_column,
    max(found_references.share * found_references.certainty) as score
from found_references
inner join recognised
    on found_references.to_table = recognised.table_number
    and found_references.to_column = recognised.source_column
inner join facts
    on recognised.raw_table = facts.raw_table and recognised.column_name = facts.column_name
where facts.is_key
group by all;
