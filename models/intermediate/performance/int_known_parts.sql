{#-
  For each store, which parts of its day can be known: those whose every needed table and column has
  delivered something. One column a part, so that the store day needs one join.
-#}
{%- set parts = store_day_sums() + store_month_costs() -%}

with

stores as (
    select * from {{ ref('dim_store') }}
),

part_needs as (
    select * from {{ ref('part_needs') }}
    where valid_to is null
),

source_landings as (
    select * from {{ ref('int_source_landings') }}
),

missing as (
    select
        source_landings.store_key,
        part_needs.part_name
    from part_needs
    inner join source_landings
        on
            part_needs.system = source_landings.system
            and part_needs.table_name = source_landings.table_name
            and coalesce(part_needs.column_name, '') = source_landings.column_name
            and part_needs.need_scope = source_landings.need_scope
    where not source_landings.is_landed
),

final as (
    select
        stores.store_key,
        {%- for part in parts %}
            max(case when missing.part_name = '{{ part }}' then 1 else 0 end) = 0
                as knows_{{ part }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from stores
    left join missing on stores.store_key = missing.store_key
    group by stores.store_key
)

select * from final
