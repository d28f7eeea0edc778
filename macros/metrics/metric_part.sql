{# Numerator or denominator of the metric that a column names, from the columns of fct_store_day (and the
   mature sums) in the same query. NULL for the denominator of a plain sum and for a metric that is not of
   the library. #}
{% macro metric_part(metric_code, part) -%}
    case {{ metric_code }}
        {%- for metric in store_metrics() if metric[part] %}
            when '{{ metric.code }}'
                then cast({{ metric[part] }} as {{ numeric_type(20, 4) }})
        {%- endfor %}
    end
{%- endmacro %}
