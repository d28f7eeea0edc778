{%- set counts = [
    'order_count', 'nps_response_count', 'promoter_count', 'passive_count', 'detractor_count',
    'csi_response_count',
] -%}
{%- set amounts = [
    'labour_amount', 'part_amount', 'discount_amount', 'revenue_amount', 'cost_amount',
    'gross_profit_amount', 'hours_sold', 'csi_score_sum',
] -%}
{%- set costs = ['cost_amount', 'gross_profit_amount'] -%}
{%- set other_sums = (counts + amounts) | reject('equalto', 'revenue_amount') | list -%}

with

line_days as (
    select * from {{ ref('int_store_day_service_lines') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

code_values as (
    select * from {{ ref('code_values') }}
    where code_list = 'service_line' and valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

survey_days as (
    select
        store_key,
        business_on,
        main_service_line as service_line,
        sum(case when nps_score is not null then 1 else 0 end) as nps_response_count,
        sum(case when is_promoter then 1 else 0 end) as promoter_count,
        sum(case when is_passive then 1 else 0 end) as passive_count,
        sum(case when is_detractor then 1 else 0 end) as detractor_count,
        sum(case when csi_score is not null then 1 else 0 end) as csi_response_count,
        sum(csi_score) as csi_score_sum
    from surveys
    where is_responded
    group by store_key, business_on, main_service_line
),

days as (
    select
        store_key,
        business_on,
        coalesce(service_line, 'unknown') as line_code,
        order_count,
        0 as nps_response_count,
        0 as promoter_count,
        0 as passive_count,
        0 as detractor_count,
        0 as csi_response_count,
        labour_amount,
        part_amount,
        discount_amount,
        revenue_amount,
        cost_amount,
        gross_profit_amount,
        hours_sold,
        0 as csi_score_sum
    from line_days

    union all

    select
        store_key,
        business_on,
        coalesce(service_line, 'unknown') as line_code,
        0 as order_count,
        nps_response_count,
        promoter_count,
        passive_count,
        detractor_count,
        csi_response_count,
        0 as labour_amount,
        0 as part_amount,
        0 as discount_amount,
        0 as revenue_amount,
        0 as cost_amount,
        0 as gross_profit_amount,
        0 as hours_sold,
        csi_score_sum
    from survey_days
),

months as (
    select
        days.store_key,
        dates.month_start_on,
        days.line_code,
        {%- for name in other_sums %}
            sum(days.{{ name }}) as {{ name }},
        {%- endfor %}
        sum(days.revenue_amount) as revenue_amount
    from days
    inner join dates on days.business_on = dates.date_on
    group by days.store_key, dates.month_start_on, days.line_code
),

first_month as (
    select min(month_start_on) as month_start_on
    from months
),

-- Every store and month has every line, and what belongs to none: shares need the whole.
members as (
    select
        code as line_code,
        code as service_line
    from code_values

    union all

    select
        'unknown' as line_code,
        cast(null as {{ dbt.type_string() }}) as service_line
),

filled as (
    select
        stores.store_key,
        periods.period_start_on as month_start_on,
        members.line_code,
        members.service_line,
        {%- for name in other_sums %}
            {%- if name in costs %}
                case when known_parts.knows_{{ name }} then coalesce(months.{{ name }}, 0) end
                    as {{ name }},
            {%- else %}
                coalesce(months.{{ name }}, 0) as {{ name }},
            {%- endif %}
        {%- endfor %}
        coalesce(months.revenue_amount, 0) as revenue_amount
    from stores
    inner join known_parts on stores.store_key = known_parts.store_key
    cross join members
    cross join first_month
    inner join periods
        on
            periods.period_kind = 'month'
            and first_month.month_start_on <= periods.period_start_on
    left join months
        on
            stores.store_key = months.store_key
            and periods.period_start_on = months.month_start_on
            and members.line_code = months.line_code
),

final as (
    select
        {{ key(['store_key', 'month_start_on', 'line_code']) }} as service_line_month_key,
        store_key,
        month_start_on,
        service_line,
        {%- for name in counts %}
            cast({{ name }} as {{ dbt.type_int() }}) as {{ name }},
        {%- endfor %}
        {%- for name in amounts %}
            cast({{ name }} as {{ numeric_type(18, 2) }}) as {{ name }},
        {%- endfor %}
        cast(
            sum(revenue_amount) over (partition by store_key, month_start_on)
            as {{ numeric_type(18, 2) }}
        ) as store_revenue_amount
    from filled
)

select * from final
