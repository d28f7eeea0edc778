{#
  Pre-hook of a fact partitioned by `business_on`: removes the days that the new batches can change,
  so that the model's SELECT (restricted by `affected_dates`) puts them back.
  Deleting by day instead of by key also removes a row that moved to another day.
#}
{% macro replace_affected_dates(domain) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where business_on in ({{ affected_dates(domain) }})
    {%- endif -%}
{%- endmacro %}
