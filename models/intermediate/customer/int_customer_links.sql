with

customer_records as (
    select * from {{ ref('int_customer_records') }}
),

vehicles as (
    select * from {{ ref('dim_vehicle') }}
),

crm_vehicles as (
    select * from {{ ref('stg_crm__vehicles') }}
),

limits as (
    select {{ threshold('shared_phone_names') }} as shared_phone_names
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
),

-- The oldest record of a link stands for it: whoever shares a link shares that record.
links as (
    select
        match_rule,
        shared_value,
        min(age_rank) as link_rank
    from claims
    group by match_rule, shared_value
    having count(*) > 1
),

final as (
    select distinct
        claims.match_rule,
        claims.source_customer_key,
        claims.age_rank,
        links.link_rank,
        claims.match_evidence
    from claims
    inner join links
        on
            claims.match_rule = links.match_rule
            and claims.shared_value = links.shared_value
)

select * from final
