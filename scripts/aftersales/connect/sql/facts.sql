-- The columns of the contract with what is known of their values.
create or replace temporary table facts as
select
    contract_columns.*,
    max(column_facts.shape) as shape,
    max(column_facts.code_list) as code_list,
    max(cast(column_facts.typical_low as double)) as typical_low,
    max(cast(column_facts.typical_high as double)) as typical_high
from contract_columns
left join column_facts
    on contract_columns.column_name = column_facts.column_name
    and contract_columns.raw_table glob column_facts.raw_table
group by all;
