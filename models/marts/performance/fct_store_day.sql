{#-
  What a store did on a day, as far as anybody can know it and may be told: a part whose source has
  never delivered a row of the store is empty, not zero; a group of parts that is held stands as the
  version before served it, or is empty if none did.
-#}
{%- set groups = part_groups() -%}

with

store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

known_parts as (
    select * from {{ ref('int_known_parts') }}
),

held_cells as (
    select * from {{ source('control', 'held_cells') }}
),

{% for group in groups -%}
    held_{{ group }} as (
        select * from held_cells
        where part_group = '{{ group }}'
    ),

{% endfor -%}
final as (
    select
        store_days.store_key,
        store_days.business_on,
        {%- for part in store_day_sums() %}
            {%- set found = [] %}
            {%- for group, parts in groups.items() if part in parts %}
                {%- do found.append('held_' ~ group) %}
            {%- endfor %}
            {%- set held = found[0] %}
            case
                when {{ held }}.store_key is not null
                    then cast({{ held }}.{{ part }} as {{ part_type(part) }})
                when known_parts.knows_{{ part }} then store_days.{{ part }}
            end as {{ part }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from store_days
    inner join known_parts on store_days.store_key = known_parts.store_key
    {%- for group in groups %}
        left join held_{{ group }}
            on
                store_days.store_key = held_{{ group }}.store_key
                and store_days.business_on = held_{{ group }}.business_on
    {%- endfor %}
)

select * from final
