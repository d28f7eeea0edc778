{#
  One row with the first month whose orders, and the first whose stock, may reconcile otherwise than before.
  Orders: that of the earliest day the new batches touch, of the earliest invoice among them or the order it
  names, and of a listed break whose order was touched. Every later month is compared anew.
#}
{% macro reopened_months() -%}
    select
        min(case when touched.side = 'orders' then touched.month_start_on end) as orders_from_on,
        min(case when touched.side = 'parts' then touched.month_start_on end) as parts_from_on
    from (
        select
            affected.domain_name as side,
            {{ month_start('min(affected.business_on)') }} as month_start_on
        from {{ ref('int_affected_dates') }} as affected
        where affected.domain_name in ('orders', 'parts')
        group by affected.domain_name

        union all

        select
            'parts' as side,
            {{ month_start(add_days('cast(min(movements.moved_at) as date)', -1)) }} as month_start_on
        from {{ ref('stg_parts__movements') }} as movements
        where
            movements.quarantine_rule_id is null
            and movements._batch_id in (
                {{ continued_batches('parts', 'movements') }}
            )

        union all

        select
            'orders' as side,
            case
                when documents.booked_on < {{ month_start('orders.business_on') }}
                    then documents.booked_on
                else coalesce({{ month_start('orders.business_on') }}, documents.booked_on)
            end as month_start_on
        from (
            {{ new_documents() }}
        ) as documents
        left join {{ ref('fct_repair_orders') }} as orders
            on documents.repair_order_key = orders.repair_order_key
        {%- if is_incremental() %}

            union all

            select
                'orders' as side,
                breaks.month_start_on
            from {{ this }} as breaks
            inner join {{ ref('fct_repair_orders') }} as orders
                on breaks.record_key = orders.repair_order_key
            where
                breaks.pair_code = 'orders_ledger'
                and orders.business_on in ({{ affected_dates('orders') }})
        {%- endif %}
    ) as touched
{%- endmacro %}

{#
  The months whose surveys are held against their orders anew, besides those from the first reopened one on:
  a survey answered years later touches its own month and no other.
#}
{% macro reopened_survey_months() -%}
    select {{ month_start('affected.business_on') }} as month_start_on
    from {{ ref('int_affected_dates') }} as affected
    where affected.domain_name = 'surveys'
{%- endmacro %}

{# Invoices of the new batches, those they replaced and those that are gone: order and month of booking. #}
{% macro new_documents() -%}
    select
        {{ key(['staged.store_id', 'staged.repair_order_no']) }} as repair_order_key,
        cast(staged.booked_month || '-01' as date) as booked_on
    from {{ ref('stg_finance__revenue_lines') }} as staged
    where
        staged.quarantine_rule_id is null
        and staged.revenue_line_id in (
            select news.revenue_line_id
            from {{ ref('stg_finance__revenue_lines') }} as news
            where
                news.quarantine_rule_id is null
                and news._batch_id in ({{ continued_batches('finance', 'revenue_lines') }})

            union all

            select deleted_keys.row_key
            from {{ ref('int_deleted_keys') }} as deleted_keys
            where
                deleted_keys.table_name = 'finance.revenue_lines'
                and deleted_keys.deleted_in_batch_id in (
                    {{ continued_batches('finance', 'revenue_lines') }}
                )
        )
{%- endmacro %}

{# New batches of a table where a version is continued; a hook cannot read an ephemeral model. #}
{% macro continued_batches(system, table_name) -%}
    select batches.batch_id
    from {{ source('control', 'batches') }} as batches
    cross join {{ source('control', 'run_context') }} as run_context
    where
        batches.system = '{{ system }}'
        and batches.table_name = '{{ table_name }}'
        and batches.is_new
        and not run_context.is_full_build
{%- endmacro %}
