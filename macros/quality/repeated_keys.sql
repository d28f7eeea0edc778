{#
  The keys that a batch brings more than once, with the row that stays (the lowest row number). `keys` maps each
  key column to the cleaned expression of it. Grouping tens of millions of rows by their key as text costs twice
  the time and memory of grouping by a hash, so the hash finds the few candidates and the key itself decides.
#}
{% macro repeated_keys(landed, keys) -%}
    {%- set hashed = row_hash(['_batch_id'] + keys.values() | list) -%}
    select
        _batch_id,
        {%- for name, cleaned in keys.items() %}
        {{ cleaned }} as {{ name }},
        {%- endfor %}
        min(_row_number) as first_row_number
    from {{ landed }}
    where {{ hashed }} in (
        select {{ hashed }}
        from {{ landed }}
        group by {{ hashed }}
        having count(*) > 1
    )
    group by _batch_id, {{ keys.values() | join(', ') }}
    having count(*) > 1
{%- endmacro %}
