{# The same day of the year before; for the first day of a month or quarter, which every year has. #}
{% macro year_before(date_on) -%}
    cast(
        cast(extract(year from {{ date_on }}) - 1 as {{ dbt.type_string() }})
        || substring(cast({{ date_on }} as {{ dbt.type_string() }}), 5, 6) as date
    )
{%- endmacro %}
