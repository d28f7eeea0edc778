{#
  A query giving the business dates of a domain that the new batches can change, widened by a window.
  Domains: orders, bays, technicians, appointments, surveys, complaints, parts.
#}
{% macro affected_dates(domain, before_days=0, after_days=0) -%}
    select days.date_on
    from {{ ref('int_days') }} as days
    inner join {{ ref('int_affected_dates') }} as affected
        on days.date_on >= {{ add_days('affected.business_on', -before_days) }}
            and days.date_on <= {{ add_days('affected.business_on', after_days) }}
    where affected.domain = '{{ domain }}'
{%- endmacro %}
