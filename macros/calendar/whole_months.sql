{# Whole calendar months from one day to a later one: 15 January to 14 March is 1. #}
{% macro whole_months(first_on, last_on) -%}
    cast(
        (extract(year from {{ last_on }}) - extract(year from {{ first_on }})) * 12
        + extract(month from {{ last_on }}) - extract(month from {{ first_on }})
        - case
            when extract(day from {{ last_on }}) < extract(day from {{ first_on }}) then 1 else 0
        end as {{ dbt.type_int() }}
    )
{%- endmacro %}
