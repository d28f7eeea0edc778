{# 1 for the current version of a natural key: the row of the newest batch that brought it. #}
{% macro version_rank(natural_key) -%}
    row_number() over (
        partition by {{ natural_key | join(', ') }}
        order by _batch_id desc, _row_number desc
    )
{%- endmacro %}
