{# The first day of the quarter of a day. #}
{% macro quarter_start(date_on) -%}
    cast(
        substring(cast({{ date_on }} as {{ dbt.type_string() }}), 1, 4)
        || case extract(quarter from {{ date_on }})
            when 1 then '-01-01'
            when 2 then '-04-01'
            when 3 then '-07-01'
            else '-10-01'
        end as date
    )
{%- endmacro %}
