{# A surrogate key is its natural parts joined by ':', so that a person can read it and trace it.
   A NULL part makes the key NULL: a key that hides a missing part would join to nothing, silently. #}
{% macro key(parts) -%}
    {%- for part in parts -%}
        {%- if not loop.first %} || ':' || {% endif -%}
        cast({{ part }} as {{ dbt.type_string() }})
    {%- endfor -%}
{%- endmacro %}
