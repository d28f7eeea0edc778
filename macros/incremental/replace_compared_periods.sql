{#
  Pre-hook of a table of comparisons by scope and period: removes the months, whose comparisons reach over
  scopes; of the days and weeks those with other sums than before and those that are shown no longer.
#}
{% macro replace_compared_periods() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where
            period_kind = 'month'
            or period_start_on < (
                select min(periods.period_start_on)
                from {{ ref('int_periods') }} as periods
                where periods.period_kind = 'day' and periods.period_use = 'shown'
            )
            or exists (
                select changed_periods.scope_key
                from {{ ref('int_changed_periods') }} as changed_periods
                where
                    changed_periods.scope_kind = {{ this }}.scope_kind
                    and changed_periods.scope_key = {{ this }}.scope_key
                    and changed_periods.period_kind = {{ this }}.period_kind
                    and changed_periods.period_start_on = {{ this }}.period_start_on
                    and changed_periods.has_other_sums
            )
    {%- endif -%}
{%- endmacro %}

{# Condition on `relation`: its row is one that replace_compared_periods has removed. The query has the CTE
   other_periods. #}
{% macro is_compared_again(relation) -%}
    (
        {{ relation }}.period_kind = 'month'
        or exists (
            select other_periods.scope_key
            from other_periods
            where
                {{ relation }}.scope_kind = other_periods.scope_kind
                and {{ relation }}.scope_key = other_periods.scope_key
                and {{ relation }}.period_kind = other_periods.period_kind
                and {{ relation }}.period_start_on = other_periods.period_start_on
        )
    )
{%- endmacro %}
