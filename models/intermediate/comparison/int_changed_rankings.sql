{# It speaks about one build and is no part of the version: it lives beside the control tables. -#}
{{
    config(
        schema='landing',
        post_hook="{{ drop_kept_table('intermediate', 'int_compared_stores') }}",
    )
}}

{%- set before = kept_table('intermediate', 'int_compared_stores') %}

with

changed_periods as (
    select * from {{ ref('int_changed_periods') }}
),

compared_stores as (
    select * from {{ ref('int_compared_stores') }}
),

periods as (
    select * from {{ ref('int_periods') }}
),
{% if before %}
    compared_stores_before as (
        select * from {{ before }}
    ),

    -- A store of another class or with other peers moves the ranks of every period.
    moved_stores as (
        (
            select * from compared_stores

            except

            select * from compared_stores_before
        )

        union all

        (
            select * from compared_stores_before

            except

            select * from compared_stores
        )
    ),
{% else %}
    moved_stores as (
        select * from compared_stores
    ),
{% endif %}
final as (
    select
        period_kind,
        period_start_on
    from changed_periods
    where scope_kind = 'store' and period_use <> 'trend'

    union distinct

    select
        period_kind,
        period_start_on
    from periods
    where exists (select moved_stores.store_key from moved_stores)
)

select * from final
