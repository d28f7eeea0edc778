{# Pre-hook of a table of customers: removes those that the new batches can change, so that the model puts them
   back. See int_changed_customers. #}
{% macro replace_changed_customers() -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where
            customer_key in (
                select changed_customers.customer_key
                from {{ ref('int_changed_customers') }} as changed_customers
            )
    {%- endif -%}
{%- endmacro %}
