{# One row for each metric of the library: what it is multiplied by, which way is good, how long it matures. #}
{% macro metric_facts() -%}
    {%- for metric in store_metrics() %}
    select
        '{{ metric.code }}' as metric_code,
        {{ metric.factor }} as factor,
        '{{ metric.direction }}' as direction,
        {{ metric.maturity_days }} as maturity_days,
        {{ 'true' if metric.denominator else 'false' }} as is_ratio
        {%- if not loop.last %}

    union all
        {% endif %}
    {%- endfor %}
{%- endmacro %}
