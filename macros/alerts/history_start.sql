{# The first day alerts are worked out for: the start of the half-year in which the day lies that is so many
   months before the start of the running half-year. It moves twice a year, so that alerts keep their first
   day, and with it their name, in between. #}
{% macro history_start(as_of_on, months) -%}
    {%- set half_start -%}
        cast(
            cast(extract(year from {{ as_of_on }}) as {{ dbt.type_string() }})
            || case when extract(month from {{ as_of_on }}) < 7 then '-01-01' else '-07-01' end
            as date
        )
    {%- endset -%}
    {%- set earlier = add_days(half_start, '-30 * ' ~ months) -%}
    cast(
        cast(extract(year from {{ earlier }}) as {{ dbt.type_string() }})
        || case when extract(month from {{ earlier }}) < 7 then '-01-01' else '-07-01' end
        as date
    )
{%- endmacro %}
