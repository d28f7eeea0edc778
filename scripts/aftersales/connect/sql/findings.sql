-- What a mapped sample says against the contract. One row a finding: kind, place, counts, examples.
-- Counted by raw table: of several tables that feed one, the smallest proves little.
create or replace temporary table cell_totals as
select raw_table, column_name, sum(times) as filled
from mapped_cells
group by all;

create or replace temporary table cell_findings as
with

unknown_codes as (
    select
        'unknown_code' as kind, cells.table_number, cells.column_name,
        sum(cells.times) as rows_hit, any_value(cell_totals.filled) as rows_seen,
        string_agg(distinct cells.value, ', ' order by cells.value) as examples
    from mapped_cells as cells
    inner join facts
        on cells.raw_table = facts.raw_table and cells.column_name = facts.column_name
    inner join cell_totals
        on cells.raw_table = cell_totals.raw_table and cells.column_name = cell_totals.column_name
    left join contract_codes
        on facts.code_list = contract_codes.code_list
        and lower(trim(cells.value)) = lower(contract_codes.code)
    where
        facts.code_list is not null and contract_codes.code is null
        and facts.code_list in (select code_list from contract_codes)
    group by all
),

ahead as (
    select
        'future' as kind, cells.table_number, cells.column_name,
        sum(cells.times) as rows_hit, any_value(cell_totals.filled) as rows_seen,
        max(cells.value) as examples
    from mapped_cells as cells
    inner join facts
        on cells.raw_table = facts.raw_table and cells.column_name = facts.column_name
    inner join cell_totals
        on cells.raw_table = cell_totals.raw_table and cells.column_name = cell_totals.column_name
    inner join limits on limits.code = 'future_days'
    where
        facts.data_type in ('timestamp', 'date')
        -- What is promised or expected lies ahead by its nature.
        and facts.column_name not in ('promised_at', 'due_at', 'left_on', 'retired_on')
        and try_cast(cells.value as timestamp)
            > cast({now} as timestamp) + to_days(cast(limits.value as integer))
    group by all
),

middles as (
    select
        cells.table_number, cells.raw_table, cells.column_name,
        quantile_cont(try_cast(cells.value as double), 0.5) as middle,
        any_value(cell_totals.filled) as rows_seen
    from mapped_cells as cells
    inner join cell_totals
        on cells.raw_table = cell_totals.raw_table and cells.column_name = cell_totals.column_name
    where try_cast(cells.value as double) <> 0
    group by all
),

sizes as (
    select
        'magnitude' as kind, middles.table_number, middles.column_name,
        middles.rows_seen as rows_hit, middles.rows_seen,
        format(
            '{:.4g}, usual is {:g} to {:g}', middles.middle, facts.typical_low, facts.typical_high
        ) as examples
    from middles
    inner join facts
        on middles.raw_table = facts.raw_table and middles.column_name = facts.column_name
    inner join limits on limits.code = 'magnitude_slack'
    where
        facts.typical_high > 24
        and (
            middles.middle > facts.typical_high * limits.value
            or middles.middle < facts.typical_low / limits.value
        )
        or facts.shape = 'hours'
        and (middles.middle > facts.typical_high or middles.middle < facts.typical_low / 4)
)

select * from unknown_codes
union all by name
select * from ahead
union all by name
select * from sizes;
