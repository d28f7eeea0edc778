{# What the customer of an order is to the dimensions of customers; `orders` names the relation with the order's
   business_on. The query has known_customers joined to it. #}
{% macro customer_columns(orders) -%}
    known_customers.customer_kind,
    case
        when {{ orders }}.business_on = known_customers.first_visit_on then 'new'
        when {{ orders }}.business_on > known_customers.first_visit_on then 'returning'
    end as visit_history
{%- endmacro %}
