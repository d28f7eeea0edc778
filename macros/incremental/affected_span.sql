{#
  One row with the span of UTC time, as dates, in which every row of an affected day of a domain lies:
  no clock is more than a day away from UTC. Comparing a moment with it keeps most rows out of the
  work of finding their local days; it decides nothing.
#}
{% macro affected_span(domain) -%}
    select
        {{ add_days('min(affected.business_on)', -1) }} as first_on,
        {{ add_days('max(affected.business_on)', 2) }} as end_on
    from {{ ref('int_affected_dates') }} as affected
    where affected.domain_name = '{{ domain }}'
{%- endmacro %}
