{# A table of the version that the build continues, as it stands before the build replaces it; none on a
   first build or a refreshed one. Compiling asks no database: what is compiled is a first build. #}
{% macro table_before(schema, name) -%}
    {%- if execute and flags.WHICH != 'compile' and not flags.FULL_REFRESH -%}
        {{ return(load_relation(api.Relation.create(
            database=this.database, schema=generate_schema_name(schema), identifier=name
        ))) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}
