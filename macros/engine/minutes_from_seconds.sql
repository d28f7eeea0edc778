{# Minutes are stored as numeric(12, 2) made from whole seconds: decimals add up to the same total in
   any order and on any engine, doubles do not. #}
{% macro minutes_from_seconds(seconds) -%}
    cast({{ seconds }} / cast(60 as {{ double_type() }}) as {{ numeric_type(12, 2) }})
{%- endmacro %}
