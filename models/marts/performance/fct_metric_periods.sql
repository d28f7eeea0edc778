{#-
  One row for a metric, a scope and a period: its sums beside those of the period before and of the
  same period a year earlier. Ratios are divided by whoever asks; the value rounded to six places is
  kept only to rank, compare and find streaks inside SQL.
-#}
{%- set metrics = store_metrics() -%}

with

store_periods as (
    select * from {{ ref('int_store_periods') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),

parts as (
    {%- for metric in metrics %}
        select
            '{{ metric.code }}' as metric_code,
            {{ metric.factor }} as factor,
            {{ 'immature_day_count > 0' if metric.maturity_days else 'false' }} as is_provisional,
            scope_kind,
            scope_key,
            store_key,
            region_name,
            part,
            period_kind,
            period_start_on,
            cast({{ metric.numerator }} as {{ numeric_type(20, 4) }}) as numerator,
            {%- if metric.denominator %}
                cast({{ metric.denominator }} as {{ numeric_type(20, 4) }}) as denominator
            {%- else %}
                cast(null as {{ numeric_type(20, 4) }}) as denominator
            {%- endif %}
        from store_periods
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        parts.metric_code,
        parts.scope_kind,
        parts.scope_key,
        parts.store_key,
        parts.region_name,
        parts.period_kind,
        parts.period_start_on,
        periods.period_end_on,
        periods.covered_to_on,
        periods.is_complete,
        parts.is_provisional,
        cast(periods.elapsed_day_count as {{ dbt.type_int() }}) as elapsed_day_count,
        periods.workday_count,
        cast(parts.factor as {{ dbt.type_int() }}) as factor,
        parts.numerator,
        parts.denominator,
        previous_parts.numerator as previous_numerator,
        previous_parts.denominator as previous_denominator,
        last_year_parts.numerator as last_year_numerator,
        last_year_parts.denominator as last_year_denominator,
        {{ metric_value('parts.numerator', 'parts.denominator', 'parts.factor') }} as metric_value,
        {{ metric_value(
            'previous_parts.numerator', 'previous_parts.denominator', 'parts.factor'
        ) }} as previous_value,
        {{ metric_value(
            'last_year_parts.numerator', 'last_year_parts.denominator', 'parts.factor'
        ) }} as last_year_value
    from parts
    inner join periods
        on
            parts.period_kind = periods.period_kind
            and parts.period_start_on = periods.period_start_on
    left join parts as previous_parts
        on
            parts.metric_code = previous_parts.metric_code
            and parts.scope_kind = previous_parts.scope_kind
            and parts.scope_key = previous_parts.scope_key
            and parts.period_kind = previous_parts.period_kind
            and periods.previous_start_on = previous_parts.period_start_on
            and previous_parts.part = case when periods.is_complete then 'whole' else 'to_date' end
    left join parts as last_year_parts
        on
            parts.metric_code = last_year_parts.metric_code
            and parts.scope_kind = last_year_parts.scope_kind
            and parts.scope_key = last_year_parts.scope_key
            and parts.period_kind = last_year_parts.period_kind
            and periods.last_year_start_on = last_year_parts.period_start_on
            and last_year_parts.part = case when periods.is_complete then 'whole' else 'to_date' end
    where parts.part = 'whole'
)

select * from final
