{# A text with its placeholders filled in, each a pair of its name and the expression that gives its text; one
   without a text stays away. #}
{% macro filled_text(template, parts) -%}
    {%- set ns = namespace(text=template) -%}
    {%- for name, expression in parts.items() -%}
        {%- set ns.text = "replace(" ~ ns.text ~ ", '{" ~ name ~ "}', coalesce(" ~ expression ~ ", ''))" -%}
    {%- endfor -%}
    {{ ns.text }}
{%- endmacro %}
