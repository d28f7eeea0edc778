{{ config(meta={'rule_id': 'stock_day_missing'}) }}
-- Once a store reports its stock, it reports it every day up to the newest day of any store.
-- Days of stock and stock-outs are averages over days; a missing day is not a day without stock.
-- Not judged: the days before a store's first report, and single parts.

with

fct_parts_stock as (
    select * from {{ ref('fct_parts_stock') }}
),

int_days as (
    select * from {{ ref('int_days') }}
),

reported_days as (
    select distinct
        store_key,
        business_on
    from fct_parts_stock
),

store_spans as (
    select
        store_key,
        min(business_on) as first_on
    from reported_days
    group by store_key
),

newest_day as (
    select max(business_on) as last_on
    from reported_days
),

expected_days as (
    select
        store_spans.store_key,
        int_days.date_on
    from store_spans
    inner join int_days on store_spans.first_on <= int_days.date_on
    inner join newest_day on int_days.date_on <= newest_day.last_on
),

final as (
    select
        expected_days.store_key as store_id,
        expected_days.date_on as business_on,
        {{ key(['expected_days.store_key', 'expected_days.date_on']) }} as row_key,
        'no stock reported' as detail
    from expected_days
    left join reported_days
        on
            expected_days.store_key = reported_days.store_key
            and expected_days.date_on = reported_days.business_on
    where reported_days.business_on is null
)

select * from final
