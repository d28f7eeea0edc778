{# Pre-hook of the list of breaks: removes the months that are compared anew. #}
{% macro replace_reopened_months() -%}
    {%- if is_incremental() -%}
        {%- set reopened = '(' ~ reopened_months() ~ ') as reopened' -%}
        delete from {{ this }}
        where
            (
                pair_code = 'stock_movements'
                and month_start_on >= (select reopened.parts_from_on from {{ reopened }})
            )
            or (
                pair_code <> 'stock_movements'
                and month_start_on >= (select reopened.orders_from_on from {{ reopened }})
            )
            or (
                pair_code = 'surveys_orders'
                and month_start_on in ({{ reopened_survey_months() }})
            )
    {%- endif -%}
{%- endmacro %}
