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

-- What a row does not say itself, but the row it points to does: its store, the number of its order.
create or replace temporary table look_ups as
with

pointing as (
    select
        found_references.table_number, found_references.source_column as by_column,
        target.source_table as other_table, found_references.to_column as other_key,
        found_references.share, found_references.certainty,
        recognised.raw_table, recognised.column_name, recognised.source_column as other_column
    from found_references
    inner join recognised on found_references.to_table = recognised.table_number
    inner join facts
        on recognised.raw_table = facts.raw_table and recognised.column_name = facts.column_name
        and facts.is_key
    inner join (select distinct table_number, source_table from profiles) as target
        on found_references.to_table = target.table_number
    where found_references.certainty = 1 and recognised.source_column <> found_references.to_column
)

select pointing.*
from pointing
-- Of several tables pointed to, the one whose record is named by most: an order rather than a store.
qualify row_number() over (
    partition by pointing.table_number, pointing.column_name
    order by (select count(*) from facts where facts.is_key
        and facts.raw_table = pointing.raw_table) desc, pointing.share desc, pointing.by_column
) = 1;
