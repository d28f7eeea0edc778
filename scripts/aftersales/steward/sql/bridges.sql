-- The bridges of the network in the newest month that has one, step by step.
select
    bridges.bridge_code,
    bridges.bridge_title_zh,
    bridges.bridge_title_en,
    bridges.comparison,
    bridges.month_start_on,
    bridges.step_kind,
    bridges.step_order,
    bridges.step_title_zh,
    bridges.step_title_en,
    bridges.step_value,
    bridges.from_value,
    bridges.to_value
from marts.fct_definition_bridges as bridges
where
    bridges.scope_kind = 'network'
    and bridges.month_start_on = (
        select max(newest.month_start_on)
        from marts.fct_definition_bridges as newest
        where newest.scope_kind = 'network' and newest.bridge_code = bridges.bridge_code
    )
order by bridges.bridge_code, bridges.step_order
