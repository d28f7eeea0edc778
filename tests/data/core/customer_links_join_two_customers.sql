{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that the rounds of bridge_customer_sources reached the end of every chain: records that
-- share a link are one customer. A chain longer than the rounds would leave one person as two
-- customers; raise `rounds` then.
-- It does not judge whether a link is right.

with

customer_links as (
    select * from {{ ref('int_customer_links') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

final as (
    select
        customer_links.link_rank,
        min(customer_sources.customer_key) as first_customer_key,
        max(customer_sources.customer_key) as last_customer_key
    from customer_links
    inner join customer_sources
        on customer_links.source_customer_key = customer_sources.source_customer_key
    group by customer_links.link_rank
    having min(customer_sources.customer_key) <> max(customer_sources.customer_key)
)

select * from final
