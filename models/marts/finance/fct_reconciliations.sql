with

pairs as (
    select * from {{ ref('reconciliation_pairs') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

run_context as (
    select * from {{ source('control', 'run_context') }}
),

breaks as (
    select * from {{ ref('fct_reconciliation_breaks') }}
),

invoices as (
    {{ current_rows('finance.revenue_lines', 'stg_finance__revenue_lines') }}
),

closed_sums as (
    select
        store_key,
        closed_on as business_on,
        sum(revenue_amount) as left_value
    from {{ ref('fct_repair_orders') }}
    where is_closed and not is_cancelled
    group by store_key, closed_on
),

header_sums as (
    select
        store_key,
        business_on,
        sum(header_total_amount) as left_value
    from {{ ref('fct_repair_orders') }}
    where not is_cancelled
    group by store_key, business_on
),

survey_sums as (
    select
        store_key,
        business_on,
        count(*) as left_value
    from {{ ref('fct_surveys') }}
    group by store_key, business_on
),

stock_sums as (
    select
        store_key,
        business_on,
        sum(quantity_on_hand) as left_value
    from {{ ref('fct_parts_stock') }}
    group by store_key, business_on
),

left_days as (
    {%- for pair, relation in [
        ('orders_ledger', 'closed_sums'), ('orders_lines', 'header_sums'),
        ('surveys_orders', 'survey_sums'), ('stock_movements', 'stock_sums'),
    ] %}
        select
            '{{ pair }}' as pair_code,
            store_key,
            {{ month_start('business_on') }} as month_start_on,
            cast(left_value as {{ numeric_type(18, 2) }}) as left_value,
            0 as booked_value
        from {{ relation }}

        union all
    {% endfor %}
    select
        'orders_ledger' as pair_code,
        invoices.store_id as store_key,
        cast(invoices.booked_month || '-01' as date) as month_start_on,
        0 as left_value,
        sum(
            coalesce(invoices.labour_amount, 0) + coalesce(invoices.part_amount, 0)
            + coalesce(invoices.other_amount, 0)
        ) as booked_value
    from invoices
    group by invoices.store_id, invoices.booked_month
),

break_sums as (
    select
        pair_code,
        store_key,
        month_start_on,
        sum(difference_value) as difference_value,
        count(*) as break_count
    from breaks
    group by pair_code, store_key, month_start_on
),

sides as (
    select
        left_days.pair_code,
        left_days.store_key,
        left_days.month_start_on,
        sum(left_days.left_value) as left_value,
        sum(left_days.booked_value) as booked_value
    from left_days
    group by left_days.pair_code, left_days.store_key, left_days.month_start_on
),

-- The ledger is summed by itself; of the other pairs every row that differs is listed.
compared as (
    select
        sides.pair_code,
        sides.store_key,
        sides.month_start_on,
        sides.left_value,
        case
            when sides.pair_code = 'orders_ledger' then sides.booked_value
            else sides.left_value - coalesce(break_sums.difference_value, 0)
        end as right_value,
        coalesce(break_sums.break_count, 0) as break_count
    from sides
    left join break_sums
        on
            sides.pair_code = break_sums.pair_code
            and sides.store_key = break_sums.store_key
            and sides.month_start_on = break_sums.month_start_on
),

tolerated as (
    select
        compared.*,
        case
            when pairs.tolerance_kind = 'amount' then pairs.tolerance_value
            else abs(compared.left_value) * pairs.tolerance_value * 0.01
        end as tolerance_value
    from compared
    inner join pairs on compared.pair_code = pairs.pair_code
),

final as (
    select
        {{ key(['tolerated.pair_code', 'tolerated.store_key', 'tolerated.month_start_on']) }}
            as reconciliation_key,
        tolerated.pair_code,
        pairs.title_zh as pair_title_zh,
        pairs.title_en as pair_title_en,
        pairs.unit,
        pairs.severity,
        pairs.owner,
        tolerated.store_key,
        stores.region_name,
        tolerated.month_start_on,
        {{ month_start('run_context.as_of_on') }} > tolerated.month_start_on as is_complete,
        cast(tolerated.left_value as {{ numeric_type(18, 2) }}) as left_value,
        cast(tolerated.right_value as {{ numeric_type(18, 2) }}) as right_value,
        cast(tolerated.left_value - tolerated.right_value as {{ numeric_type(18, 2) }})
            as difference_value,
        cast(tolerated.tolerance_value as {{ numeric_type(18, 2) }})
            as tolerance_value,
        cast(abs(tolerated.left_value - tolerated.right_value) as {{ numeric_type(18, 2) }})
        <= cast(tolerated.tolerance_value as {{ numeric_type(18, 2) }})
            as is_within,
        cast(tolerated.break_count as {{ dbt.type_int() }}) as break_count
    from tolerated
    inner join pairs on tolerated.pair_code = pairs.pair_code
    cross join run_context
    left join stores on tolerated.store_key = stores.store_key
)

select * from final
