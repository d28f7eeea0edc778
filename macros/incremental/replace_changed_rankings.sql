{#
  Pre-hook of a table of ranks by period: removes the periods in which a rank can have changed, so that the
  model's SELECT puts them back. See int_changed_rankings.
#}
{% macro replace_changed_rankings() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where exists (
            select changed_rankings.period_kind
            from {{ ref('int_changed_rankings') }} as changed_rankings
            where
                changed_rankings.period_kind = {{ this }}.period_kind
                and changed_rankings.period_start_on = {{ this }}.period_start_on
        )
    {%- endif -%}
{%- endmacro %}
