{# 1 January of the year of a day, or of a number of years before it. #}
{% macro year_start(date_on, years_before=0) -%}
    cast(
        cast(
            cast(extract(year from {{ date_on }}) as {{ dbt.type_int() }}) - {{ years_before }}
            as {{ dbt.type_string() }}
        )
        || '-01-01' as date
    )
{%- endmacro %}
