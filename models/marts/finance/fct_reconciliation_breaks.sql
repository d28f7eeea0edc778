{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_reopened_months() }}",
    )
}}

with

reopened as (
    {{ reopened_months() }}
),

pairs as (
    select * from {{ ref('reconciliation_pairs') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

limits as (
    select
        {{ threshold('vat_rate_pct') }} as vat_rate_pct,
        {{ threshold('tax_basis_tolerance_pct') }} as tax_basis_tolerance_pct,
        {{ threshold('yuan_per_wan') }} as yuan_per_wan
),

invoices as (
    {{ current_rows('finance.revenue_lines', 'stg_finance__revenue_lines') }}
),

-- The month of an order is that of its closing.
closed_orders as (
    select
        orders.repair_order_key,
        orders.store_key,
        orders.repair_order_no,
        orders.closed_on as business_on,
        {{ month_start('orders.closed_on') }} as month_start_on,
        orders.revenue_amount
    from {{ ref('fct_repair_orders') }} as orders
    cross join reopened
    where
        orders.is_closed
        and not orders.is_cancelled
        and orders.closed_on >= reopened.orders_from_on
),

documents as (
    select
        {{ key(['invoices.store_id', 'invoices.repair_order_no']) }} as repair_order_key,
        invoices.store_id,
        invoices.repair_order_no,
        invoices.booked_month,
        coalesce(invoices.labour_amount, 0) + coalesce(invoices.part_amount, 0)
        + coalesce(invoices.other_amount, 0) as amount
    from invoices
),

booked_orders as (
    select
        documents.repair_order_key,
        sum(documents.amount) as amount,
        min(cast(documents.booked_month || '-01' as date)) as first_booked_on,
        max(cast(documents.booked_month || '-01' as date)) as last_booked_on
    from documents
    where documents.repair_order_key in (select closed_orders.repair_order_key from closed_orders)
    group by documents.repair_order_key
),

ledger_of_orders as (
    select
        'orders_ledger' as pair_code,
        closed_orders.store_key,
        closed_orders.month_start_on,
        closed_orders.business_on,
        closed_orders.repair_order_key as record_key,
        closed_orders.repair_order_no as record_name,
        closed_orders.revenue_amount as left_value,
        coalesce(booked_orders.amount, 0) as right_value,
        booked_orders.last_booked_on as counterpart_on,
        case
            when booked_orders.amount is null then 'missing_in_ledger'
            when booked_orders.last_booked_on > closed_orders.month_start_on then 'booked_later'
            when booked_orders.first_booked_on < closed_orders.month_start_on
                then 'booked_earlier'
            when
                {{ is_near(
                    'closed_orders.revenue_amount', 'booked_orders.amount',
                    '(1 + 0.01 * limits.vat_rate_pct)', 'limits.tax_basis_tolerance_pct',
                ) }}
                then 'tax_basis'
            when
                {{ is_near(
                    'closed_orders.revenue_amount', 'booked_orders.amount',
                    'limits.yuan_per_wan', 'limits.tax_basis_tolerance_pct',
                ) }}
                then 'unit'
            else 'amount'
        end as reason_code,
        coalesce(booked_orders.last_booked_on, closed_orders.month_start_on)
        <> closed_orders.month_start_on
        or coalesce(booked_orders.first_booked_on, closed_orders.month_start_on)
        <> closed_orders.month_start_on as is_elsewhere
    from closed_orders
    cross join limits
    left join booked_orders on closed_orders.repair_order_key = booked_orders.repair_order_key
),

-- What finance booked for an order that the workshop does not know, or has not closed.
ledger_alone as (
    select
        'orders_ledger' as pair_code,
        documents.store_id as store_key,
        cast(documents.booked_month || '-01' as date) as month_start_on,
        cast(documents.booked_month || '-01' as date) as business_on,
        documents.repair_order_key as record_key,
        min(documents.repair_order_no) as record_name,
        0 as left_value,
        sum(documents.amount) as right_value,
        cast(documents.booked_month || '-01' as date) as counterpart_on,
        case
            when min(orders.repair_order_key) is null then 'missing_in_dms' else 'order_not_closed'
        end as reason_code,
        false as is_elsewhere
    from documents
    cross join reopened
    left join {{ ref('fct_repair_orders') }} as orders
        on documents.repair_order_key = orders.repair_order_key
    where
        cast(documents.booked_month || '-01' as date) >= reopened.orders_from_on
        and (orders.repair_order_key is null or orders.is_cancelled or not orders.is_closed)
    group by
        documents.store_id, documents.booked_month, documents.repair_order_key
),

order_lines as (
    select
        'orders_lines' as pair_code,
        orders.store_key,
        {{ month_start('orders.business_on') }} as month_start_on,
        orders.business_on,
        orders.repair_order_key as record_key,
        orders.repair_order_no as record_name,
        orders.header_total_amount as left_value,
        orders.revenue_amount as right_value,
        cast(null as date) as counterpart_on,
        case
            when orders.line_count = 0 then 'lines_missing'
            when
                {{ is_near(
                    'orders.header_total_amount', 'orders.revenue_amount',
                    'limits.yuan_per_wan', 'limits.tax_basis_tolerance_pct',
                ) }}
                then 'unit'
            else 'amount'
        end as reason_code,
        false as is_elsewhere
    from {{ ref('fct_repair_orders') }} as orders
    cross join reopened
    cross join limits
    where
        not orders.is_cancelled
        and orders.business_on >= reopened.orders_from_on
        and orders.header_total_amount <> orders.revenue_amount
),

survey_orders as (
    select
        'surveys_orders' as pair_code,
        surveys.store_key,
        {{ month_start('surveys.business_on') }} as month_start_on,
        surveys.business_on,
        surveys.survey_key as record_key,
        surveys.repair_order_key as record_name,
        1 as left_value,
        0 as right_value,
        orders.closed_on as counterpart_on,
        case
            when orders.repair_order_key is null then 'order_unknown'
            when orders.is_cancelled or not orders.is_closed then 'order_not_closed'
            when surveys.sent_at < orders.closed_at then 'before_closing'
        end as reason_code,
        false as is_elsewhere
    from {{ ref('fct_surveys') }} as surveys
    cross join reopened
    left join {{ ref('fct_repair_orders') }} as orders
        on surveys.repair_order_key = orders.repair_order_key
    where
        surveys.business_on >= reopened.orders_from_on
        or {{ month_start('surveys.business_on') }} in ({{ reopened_survey_months() }})
),

moved as (
    select
        movements.store_id,
        movements.part_no,
        {{ local_date('movements.moved_at', 'store_offsets.utc_offset_minutes') }} as moved_on,
        sum(movements.quantity) as quantity
    from {{ ref('stg_parts__movements') }} as movements
    cross join reopened
    inner join store_offsets
        on
            movements.store_id = store_offsets.store_key
            and movements.moved_at >= store_offsets.valid_from_at
            and movements.moved_at < store_offsets.valid_to_at
    where
        movements.quarantine_rule_id is null
        and movements.moved_at >= {{ add_days('reopened.parts_from_on', -1) }}
    group by
        movements.store_id,
        movements.part_no,
        {{ local_date('movements.moved_at', 'store_offsets.utc_offset_minutes') }}
),

-- The day before tells the opening stock; a part without one is not judged.
stock_days as (
    select
        today.store_key,
        today.part_key,
        today.business_on,
        today.quantity_on_hand as closing_quantity,
        yesterday.quantity_on_hand + coalesce(moved.quantity, 0) as expected_quantity
    from {{ ref('fct_parts_stock') }} as today
    cross join reopened
    inner join {{ ref('fct_parts_stock') }} as yesterday
        on
            today.store_key = yesterday.store_key
            and today.part_key = yesterday.part_key
            and today.business_on = {{ add_days('yesterday.business_on', 1) }}
    left join moved
        on
            today.store_key = moved.store_id
            and today.part_key = moved.part_no
            and today.business_on = moved.moved_on
    where
        today.business_on >= reopened.parts_from_on
        and yesterday.business_on >= {{ add_days('reopened.parts_from_on', -1) }}
),

stock_movements as (
    select
        'stock_movements' as pair_code,
        store_key,
        {{ month_start('business_on') }} as month_start_on,
        business_on,
        {{ key(['store_key', 'part_key', 'business_on']) }} as record_key,
        part_key as record_name,
        closing_quantity as left_value,
        expected_quantity as right_value,
        cast(null as date) as counterpart_on,
        case
            when closing_quantity > expected_quantity then 'more_than_moved' else 'less_than_moved'
        end as reason_code,
        false as is_elsewhere
    from stock_days
    where closing_quantity <> expected_quantity
),

compared as (
    {%- for relation in [
        'ledger_of_orders', 'ledger_alone', 'order_lines', 'survey_orders', 'stock_movements',
    ] %}
        select
            pair_code,
            store_key,
            month_start_on,
            business_on,
            record_key,
            record_name,
            cast(left_value as {{ numeric_type(18, 2) }}) as left_value,
            cast(right_value as {{ numeric_type(18, 2) }}) as right_value,
            counterpart_on,
            reason_code,
            is_elsewhere
        from {{ relation }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        {{ key(['compared.pair_code', 'compared.record_key', 'compared.month_start_on']) }}
            as break_key,
        compared.pair_code,
        compared.store_key,
        stores.region_name,
        compared.month_start_on,
        compared.business_on,
        compared.record_key,
        compared.record_name,
        compared.left_value,
        compared.right_value,
        cast(compared.left_value - compared.right_value as {{ numeric_type(18, 2) }})
            as difference_value,
        compared.counterpart_on,
        compared.reason_code
    from compared
    inner join pairs on compared.pair_code = pairs.pair_code
    left join stores on compared.store_key = stores.store_key
    where
        compared.reason_code is not null
        and (
            compared.is_elsewhere
            or abs(compared.left_value - compared.right_value) > pairs.row_tolerance
        )
)

select * from final
