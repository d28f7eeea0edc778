{#
  Pre-hook of a table of months by store: removes what can change, so that the model puts it back. That are
  the months of int_open_store_months, by fact where the table tells facts apart; the first days of earlier
  months, which grow day by day; and rows for which `condition` holds.
#}
{% macro replace_open_months(by_fact, condition='false') -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where
            part = 'to_date'
            or {{ condition }}
            or exists (
                select open_store_months.store_key
                from {{ ref('int_open_store_months') }} as open_store_months
                where
                    open_store_months.store_key = {{ this }}.store_key
                    and open_store_months.month_start_on = {{ this }}.month_start_on
                    {%- if by_fact %}
                        and open_store_months.fact_code = {{ this }}.fact_code
                    {%- endif %}
            )
    {%- endif -%}
{%- endmacro %}
