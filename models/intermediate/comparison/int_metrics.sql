{#- The metrics of the library as rows, with the band each should lie in and the size of a step. -#}
{%- set metrics = store_metrics() -%}

with

metric_bands as (
    select * from {{ ref('metric_bands') }}
    where valid_to is null
),

step_sizes as (
    select * from {{ ref('step_sizes') }}
    where valid_to is null
),

any_step as (
    select
        step_basis,
        step_size
    from step_sizes
    where unit = 'any'
),

metrics as (
    {%- for metric in metrics %}
        select
            '{{ metric.code }}' as metric_code,
            '{{ metric.unit }}' as unit,
            '{{ metric.direction }}' as direction,
            cast({{ metric.factor }} as {{ dbt.type_int() }}) as factor,
            -- A difference between two shares is told in percentage points.
            cast({{ 100 if metric.unit == 'ratio' else 1 }} as {{ dbt.type_int() }})
                as points_factor,
            cast({{ metric.maturity_days }} as {{ dbt.type_int() }}) as maturity_days
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        metrics.metric_code,
        metrics.unit,
        metrics.direction,
        metrics.factor,
        metrics.points_factor,
        metrics.maturity_days,
        cast(metric_bands.good_from as {{ numeric_type(20, 6) }}) as band_lower,
        cast(metric_bands.good_to as {{ numeric_type(20, 6) }}) as band_upper,
        coalesce(step_sizes.step_basis, any_step.step_basis) as step_basis,
        coalesce(step_sizes.step_size, any_step.step_size) as step_size
    from metrics
    cross join any_step
    left join metric_bands on metrics.metric_code = metric_bands.metric_code
    left join step_sizes on metrics.unit = step_sizes.unit
)

select * from final
