{# 1 January of the year a number of years before a day. #}
{% macro year_start(date_on, years_before) -%}
    cast(
        cast(
            cast(extract(year from {{ date_on }}) as {{ dbt.type_int() }}) - {{ years_before }}
            as {{ dbt.type_string() }}
        )
        || '-01-01' as date
    )
{%- endmacro %}
