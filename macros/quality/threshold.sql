{# The limit in force under a code of the seed `thresholds`, as a scalar. Write it once per query, in a
   CTE of one row named `limits`: each use is a query of its own. #}
{% macro threshold(code) -%}
    (
        select thresholds.value
        from {{ ref('thresholds') }} as thresholds
        where thresholds.threshold_code = '{{ code }}' and thresholds.valid_to is null
    )
{%- endmacro %}
