with

customer_records as (
    select * from {{ ref('int_customer_records') }}
),

customer_decisions as (
    select * from {{ ref('customer_decisions') }}
    where valid_to is null
),

vehicles as (
    select * from {{ ref('dim_vehicle') }}
),

crm_vehicles as (
    select * from {{ ref('stg_crm__vehicles') }}
),

customer_scores as (
    select * from {{ ref('int_customer_scores') }}
),

limits as (
    select
        {{ threshold('shared_phone_names') }} as shared_phone_names,
        cast({{ threshold('customer_day_offset') }} as {{ dbt.type_int() }}) as day_offset_minutes
),

ranked_crm_vehicles as (
    select
        {{ key(["'crm'", 'crm_customer_id']) }} as source_customer_key,
        vin,
        flag_rule_ids,
        {{ version_rank(['crm_customer_id', 'vin']) }} as version_rank
    from crm_vehicles
    where quarantine_rule_id is null
),

-- Who drives which vehicle; a VIN that cannot be one proves nothing.
ownerships as (
    select
        source_customer_key,
        vin
    from vehicles
    where is_vin_valid and source_customer_key is not null

    union distinct

    select
        source_customer_key,
        vin
    from ranked_crm_vehicles
    where
        version_rank = 1
        and not (
            flag_rule_ids like '%|crm_vin_malformed|%'
            or flag_rule_ids like '%|crm_vin_with_ioq|%'
        )
),

-- A phone under which many names are known belongs to a company or a broker, not to one of them.
phone_names as (
    select
        phone_digits,
        count(distinct name_key) as name_count
    from customer_records
    where phone_digits is not null
    group by phone_digits
),

owned as (
    select
        customer_records.source_customer_key,
        customer_records.age_rank,
        customer_records.name_key,
        case
            when phone_names.name_count < limits.shared_phone_names then phone_names.phone_digits
        end
            as own_phone_digits,
        ownerships.vin
    from ownerships
    inner join customer_records
        on ownerships.source_customer_key = customer_records.source_customer_key
    cross join limits
    left join phone_names
        on customer_records.phone_digits = phone_names.phone_digits
),

-- A customer is opened in every system on the day of the first visit. A name that a day has once
-- in each of several systems, under one phone at most, is one customer; twice in one it proves
-- nothing.
dated_records as (
    select
        customer_records.source_customer_key,
        customer_records.age_rank,
        customer_records.system_name,
        customer_records.name_key,
        customer_records.phone_digits,
        {{ local_date('customer_records.created_at', 'limits.day_offset_minutes') }} as opened_on
    from customer_records
    cross join limits
    where customer_records.name_key is not null and customer_records.created_at is not null
),

opened_days as (
    select
        name_key,
        opened_on
    from dated_records
    group by name_key, opened_on
    having
        count(*) > 1
        and count(*) = count(distinct system_name)
        and count(distinct phone_digits) <= 1
),

-- Records with the same link key are one customer by the rule in front of the key.
claims as (
    select
        'phone_and_name' as match_rule,
        source_customer_key,
        age_rank,
        phone_digits || '|' || name_key as shared_value,
        'phone ending in ' || right(phone_digits, 4) || ', same name' as match_evidence
    from customer_records
    where phone_digits is not null and name_key is not null

    union all

    select
        'vin_and_phone' as match_rule,
        source_customer_key,
        age_rank,
        vin || '|' || own_phone_digits as shared_value,
        'VIN ending in ' || right(vin, 4) || ', phone ending in ' || right(own_phone_digits, 4)
            as match_evidence
    from owned
    where own_phone_digits is not null

    union all

    select
        'vin_and_name' as match_rule,
        source_customer_key,
        age_rank,
        vin || '|' || name_key as shared_value,
        'VIN ending in ' || right(vin, 4) || ', same name' as match_evidence
    from owned
    where name_key is not null

    union all

    select
        'name_and_day' as match_rule,
        dated_records.source_customer_key,
        dated_records.age_rank,
        dated_records.name_key || '|' || cast(opened_days.opened_on as {{ dbt.type_string() }})
            as shared_value,
        'opened on ' || cast(opened_days.opened_on as {{ dbt.type_string() }}) || ', same name'
            as match_evidence
    from dated_records
    inner join opened_days
        on
            dated_records.name_key = opened_days.name_key
            and dated_records.opened_on = opened_days.opened_on
    {%- for place in ['older', 'younger'] %}

        union all

        select
            'weighed_evidence' as match_rule,
            {{ place }}_key as source_customer_key,
            {{ place }}_rank as age_rank,
            older_key || '|' || younger_key as shared_value,
            match_evidence
        from customer_scores
    {%- endfor %}
),

-- A steward's word stands above every rule.
decided_claims as (
    select
        claims.match_rule,
        claims.source_customer_key,
        claims.age_rank,
        claims.shared_value,
        claims.match_evidence
    from claims
    left join customer_decisions
        on
            claims.source_customer_key = customer_decisions.source_customer_key
            and customer_decisions.decision = 'split'
    where customer_decisions.decision_id is null

    union all

    select
        'steward_decision' as match_rule,
        customer_records.source_customer_key,
        customer_records.age_rank,
        customer_decisions.decision_id as shared_value,
        'decision ' || customer_decisions.decision_id as match_evidence
    from customer_decisions
    inner join customer_records
        on
            customer_records.source_customer_key in (
                customer_decisions.source_customer_key,
                customer_decisions.other_source_customer_key
            )
    where customer_decisions.decision = 'join'
),

-- The oldest record of a link stands for it: whoever shares a link shares that record.
links as (
    select
        match_rule,
        shared_value,
        min(age_rank) as link_rank
    from decided_claims
    group by match_rule, shared_value
    having count(*) > 1
),

final as (
    select distinct
        decided_claims.match_rule,
        decided_claims.source_customer_key,
        decided_claims.age_rank,
        links.link_rank,
        decided_claims.match_evidence
    from decided_claims
    inner join links
        on
            decided_claims.match_rule = links.match_rule
            and decided_claims.shared_value = links.shared_value
)

select * from final
