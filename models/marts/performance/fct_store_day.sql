{#-
  What a store did on a day, as far as anybody can know it: a part whose source has never delivered
  a row of the store is empty, not zero.
-#}
with

store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

final as (
    select
        store_days.store_key,
        store_days.business_on,
        {%- for part in store_day_sums() %}
            case
                when known_parts.knows_{{ part }} then store_days.{{ part }}
            end as {{ part }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from store_days
    inner join known_parts on store_days.store_key = known_parts.store_key
)

select * from final
