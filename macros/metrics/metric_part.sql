{# Numerator or denominator of the metric that a column names, from the columns of fct_store_day (and the
   mature sums) in the same query. NULL for the denominator of a plain sum, for a metric that is not of
   the library, and for a numerator whose denominator cannot be known: alone it would pass for a sum. #}
{% macro metric_part(metric_code, part) -%}
    case {{ metric_code }}
        {%- for metric in store_metrics() if metric[part] %}
            when '{{ metric.code }}'
                then
                    {% if part == 'numerator' and metric.denominator -%}
                        case
                            when {{ metric.denominator }} is not null
                                then cast({{ metric.numerator }} as {{ numeric_type(20, 4) }})
                        end
                    {%- else -%}
                        cast({{ metric[part] }} as {{ numeric_type(20, 4) }})
                    {%- endif %}
        {%- endfor %}
    end
{%- endmacro %}
