{{ config(meta={'keeps_before': true}) }}

{#- Each round carries the oldest known record one record further along a chain of links. A data
    test fails when a chain is longer than the rounds. -#}
{%- set rounds = 4 -%}

with

customer_records as (
    select * from {{ ref('int_customer_records') }}
),

customer_links as (
    select * from {{ ref('int_customer_links') }}
),

match_rules as (
    select * from {{ ref('match_rules') }}
),

-- Two records may be linked by several rules.
links_0 as (
    select distinct
        age_rank,
        link_rank,
        link_rank as oldest_rank
    from customer_links
),
{% for round in range(1, rounds + 1) %}
    records_{{ round }} as (
        select
            age_rank,
            link_rank,
            min(oldest_rank) over (partition by age_rank) as oldest_rank
        from links_{{ round - 1 }}
    ),

    links_{{ round }} as (
        select
            age_rank,
            link_rank,
            min(oldest_rank) over (partition by link_rank) as oldest_rank
        from records_{{ round }}
    ),
{% endfor %}
resolved as (
    select
        age_rank,
        min(oldest_rank) as oldest_rank
    from links_{{ rounds }}
    group by age_rank
),

-- The strongest rule that ties a record to another one explains the merge.
ranked_links as (
    select
        customer_links.age_rank,
        customer_links.match_rule,
        customer_links.match_evidence,
        row_number() over (
            partition by customer_links.age_rank
            order by match_rules.strength_rank asc, customer_links.match_evidence asc
        ) as evidence_rank
    from customer_links
    inner join match_rules
        on customer_links.match_rule = match_rules.match_rule
),

final as (
    select
        customer_records.source_customer_key,
        coalesce(oldest_records.source_customer_key, customer_records.source_customer_key)
            as customer_key,
        customer_records.system_name,
        customer_records.source_customer_id,
        match_rules.match_rule,
        ranked_links.match_evidence,
        match_rules.confidence as match_confidence
    from customer_records
    left join resolved
        on customer_records.age_rank = resolved.age_rank
    left join customer_records as oldest_records
        on resolved.oldest_rank = oldest_records.age_rank
    left join ranked_links
        on
            customer_records.age_rank = ranked_links.age_rank
            and ranked_links.evidence_rank = 1
    inner join match_rules
        on coalesce(ranked_links.match_rule, 'single_record') = match_rules.match_rule
)

select * from final
