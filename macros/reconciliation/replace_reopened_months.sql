{# Pre-hook of the list of breaks: removes the months that are compared anew. #}
{% macro replace_reopened_months() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where month_start_on >= (select reopened.month_start_on from ({{ reopened_month() }}) as reopened)
    {%- endif -%}
{%- endmacro %}
