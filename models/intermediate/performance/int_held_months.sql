{#- Store months in which something is held: what is made of single orders differs from them. -#}

with

held_cells as (
    select * from {{ source('control', 'held_cells') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

final as (
    select distinct
        held_cells.store_key,
        dates.month_start_on
    from held_cells
    inner join dates on held_cells.business_on = dates.date_on
)

select * from final
