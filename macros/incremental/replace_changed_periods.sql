{#
  Pre-hook of a table of periods by scope: removes the periods that the new batches have changed, and those it
  no longer holds, so that the model's SELECT puts the changed ones back. See int_changed_periods.
#}
{% macro replace_changed_periods() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where exists (
            select changed_periods.scope_key
            from {{ ref('int_changed_periods') }} as changed_periods
            where
                changed_periods.scope_kind = {{ this }}.scope_kind
                and changed_periods.scope_key = {{ this }}.scope_key
                and changed_periods.period_kind = {{ this }}.period_kind
                and changed_periods.period_start_on = {{ this }}.period_start_on
                and changed_periods.period_use in ('changed', 'gone')
        )
    {%- endif -%}
{%- endmacro %}
