{#
  A query giving the business dates of a domain that the new batches can change. A fact reads it
  always, not only when it continues an existing table: on a full build it holds every date.
  Domains are listed and described in int_affected_dates.
#}
{% macro affected_dates(domain) -%}
    select distinct affected.business_on as date_on
    from {{ ref('int_affected_dates') }} as affected
    where affected.domain_name = '{{ domain }}'
{%- endmacro %}
