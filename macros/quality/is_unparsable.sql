{# Whether a column that arrived as text said something its type cannot hold. #}
{% macro is_unparsable(landed, typed) -%}
    ({{ typed }} is null and trim(cast({{ landed }} as {{ dbt.type_string() }})) <> '')
{%- endmacro %}
