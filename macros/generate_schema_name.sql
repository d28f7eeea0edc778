{# A folder's schema is the schema, without the target's name in front: a version is one
   database, so staging, marts and quality have the same names for everybody. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
