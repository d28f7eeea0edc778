{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ replace_open_months(by_fact=true) }}",
    )
}}

{#- Dimensions whose members a row carries itself: a change of master data does not move it. What a
    technician's level or a customer is, is looked up later. -#}
{%- set order_members = {
    'order_type': 'order_type',
    'channel': 'channel',
    'pay_type': 'pay_type',
    'fault_system': 'fault_system',
    'advisor': 'advisor_key',
} -%}
{%- set line_members = {
    'service_line': 'service_line',
    'service_item': 'service_item_key',
    'technician': 'technician_key',
} -%}

with

stores as (
    select * from {{ ref('dim_store') }}
),

days as (
    select * from {{ ref('int_days') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

orders as (
    select * from {{ ref('fct_repair_orders') }}
),

-- The same orders once more: what is read twice is kept as a whole copy.
looked_up as (
    select
        repair_order_key,
        {{ order_members.values() | join(',\n        ') }}
    from {{ ref('fct_repair_orders') }}
),

order_lines as (
    select * from {{ ref('fct_repair_order_lines') }}
),

order_stages as (
    select * from {{ ref('fct_order_stages') }}
),

comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

technician_comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

complaints as (
    select * from {{ ref('fct_complaints') }}
),

-- On a first build every month of every fact is open.
summed_months as (
    select * from {{ ref('int_open_store_months') }}
),

{{ fact_codes() }},

{{ summed_days() }},

{{ member_events(order_members.values()) }},

sold_lines as (
    select
        summed_days.part,
        summed_days.month_start_on,
        order_lines.*
    from order_lines
    inner join summed_days
        on
            order_lines.business_on = summed_days.date_on
            and order_lines.store_key = summed_days.store_key
            and summed_days.fact_code = 'lines'
),

repaired_orders as (
    select
        summed_days.part,
        summed_days.month_start_on,
        summed_days.is_comeback_mature,
        technician_comebacks.*
    from technician_comebacks
    inner join summed_days
        on
            technician_comebacks.business_on = summed_days.date_on
            and technician_comebacks.store_key = summed_days.store_key
            and summed_days.fact_code = 'comebacks'
),

{{ member_totals([
    ('opened_orders', 'orders', order_members),
    ('staged_orders', 'stages', order_members),
    ('index_orders', 'comebacks', order_members),
    ('sent_surveys', 'surveys', order_members),
    ('opened_complaints', 'complaints', order_members),
    ('sold_lines', 'lines', line_members),
    ('repaired_orders', 'comebacks', {'technician': 'technician_key'}),
]) }}

select * from final
