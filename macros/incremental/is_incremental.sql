{# As in dbt, except that compiling asks no database: what is compiled is a first build. This lets the
   project compile for engines that nobody can reach from here. #}
{% macro is_incremental() -%}
    {{ return(flags.WHICH != 'compile' and dbt.is_incremental()) }}
{%- endmacro %}
