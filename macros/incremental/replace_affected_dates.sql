{#
  Pre-hook of a fact partitioned by `business_on`: removes the days that the new batches can change,
  so that the model's SELECT (restricted by `affected_dates`) puts them back. `after_days` widens the
  window forwards, `before_days` backwards: an order of day D can change the comebacks of D + 30.
  Deleting by day instead of by key also removes a row that moved to another day.
#}
{% macro replace_affected_dates(domain, before_days=0, after_days=0) -%}
    {%- if is_incremental() -%}
        delete from {{ this }}
        where business_on in ({{ affected_dates(domain, before_days, after_days) }})
    {%- endif -%}
{%- endmacro %}
