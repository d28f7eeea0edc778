{#
  The metrics of the library over the sums of members, as one long query: for each metric whose sums
  can be broken down, the rows of `relation` whose dimension the seed metric_dimensions lists for it.
  The query has the CTE metric_dimensions.
#}
{% macro metric_member_rows(relation) -%}
    {%- set known = member_sum_names() -%}
    {%- set metrics = [] -%}
    {%- for metric in store_metrics() -%}
        {%- set names = modules.re.findall('[a-z_]+', metric.numerator ~ ' ' ~ (metric.denominator or '')) -%}
        {%- if names | reject('in', known) | list | length == 0 -%}
            {%- do metrics.append(metric) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for metric in metrics %}
        select
            metric_dimensions.metric_code,
            metric_dimensions.dimension_code,
            metric_dimensions.denominator_kind,
            {{ relation }}.member_code,
            {{ relation }}.store_key,
            {{ relation }}.month_start_on,
            {{ relation }}.part,
            {{ relation }}.is_settled,
            cast({{ metric.numerator }} as {{ numeric_type(20, 4) }}) as numerator,
            {%- if metric.denominator %}
                case
                    when metric_dimensions.denominator_kind = 'member'
                        then cast({{ metric.denominator }} as {{ numeric_type(20, 4) }})
                end as denominator
            {%- else %}
                cast(null as {{ numeric_type(20, 4) }}) as denominator
            {%- endif %}
        from {{ relation }}
        inner join metric_dimensions
            on
                {{ relation }}.dimension_code = metric_dimensions.dimension_code
                and metric_dimensions.metric_code = '{{ metric.code }}'
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
{%- endmacro %}
