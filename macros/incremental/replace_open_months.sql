{#
  Pre-hook of a table of months: removes what can still change, so that the model puts it back. That
  are the months the new batches touch in one of the domains, those whose comebacks are not all known
  and the first days of earlier months, which grow day by day; and rows for which `condition` holds.
#}
{% macro replace_open_months(domains, condition='false') -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where
            part = 'to_date'
            or not is_settled
            or {{ condition }}
            or month_start_on in (
                select {{ month_start('affected.business_on') }}
                from {{ ref('int_affected_dates') }} as affected
                where affected.domain_name in ('{{ domains | join("', '") }}')
            )
    {%- endif -%}
{%- endmacro %}
