with

customer_records as (
    select * from {{ ref('int_customer_records') }}
),

match_weights as (
    select * from {{ ref('match_weights') }}
    where valid_to is null
),

limits as (
    select
        {{ threshold('customer_score_limit') }} as score_limit,
        {{ threshold('customer_common_name') }} as common_name_records,
        {{ threshold('customer_together_hours') }} as together_hours,
        {{ threshold('customer_alike_records') }} as alike_records
),

name_counts as (
    select
        name_key,
        count(*) as record_count
    from customer_records
    where name_key is not null
    group by name_key
),

-- The phone as keyed, without country code and noise: it may lack digits or hide them.
keyed as (
    select
        source_customer_key,
        age_rank,
        system_name,
        name_key,
        phone_kind,
        phone_digits,
        created_at,
        regexp_replace({{ phone_text('phone') }}, '^(00)?86', '') as keyed_phone
    from customer_records
    where name_key is not null and phone is not null and phone_kind <> 'filler'
),

-- What is left of a number that was cut, lengthened, begun wrongly or masked.
parts as (
    select
        *,
        'first_ten_digits' as evidence_code,
        left(keyed_phone, 10) as phone_part
    from keyed
    where {{ matches('keyed_phone', '^1[3-9][0-9]{8,10}$') }}

    union all

    select
        *,
        'last_eight_digits' as evidence_code,
        right(keyed_phone, 8) as phone_part
    from keyed
    where {{ matches('keyed_phone', '^[0-9]{11}$') }}

    union all

    select
        *,
        'known_seven_digits' as evidence_code,
        left(keyed_phone, 3) || right(keyed_phone, 4) as phone_part
    from keyed
    where
        phone_kind in ('mobile', 'masked')
        and length(keyed_phone) = 11
),

alike as (
    select
        parts.name_key,
        parts.evidence_code,
        parts.phone_part
    from parts
    cross join limits
    group by parts.name_key, parts.evidence_code, parts.phone_part, limits.alike_records
    having count(*) between 2 and limits.alike_records
),

-- Two numbers that both can be called are two numbers, however alike.
pairs as (
    select
        older.source_customer_key as older_key,
        older.age_rank as older_rank,
        younger.source_customer_key as younger_key,
        younger.age_rank as younger_rank,
        older.evidence_code as phone_evidence,
        older.name_key,
        older.system_name = younger.system_name as is_one_system,
        {{ seconds_between('older.created_at', 'younger.created_at') }} as seconds_apart
    from alike
    inner join parts as older
        on
            alike.name_key = older.name_key
            and alike.evidence_code = older.evidence_code
            and alike.phone_part = older.phone_part
    inner join parts as younger
        on
            alike.name_key = younger.name_key
            and alike.evidence_code = younger.evidence_code
            and alike.phone_part = younger.phone_part
            and older.age_rank < younger.age_rank
    where
        older.phone_digits is null or younger.phone_digits is null
),

evidence as (
    select
        older_key,
        older_rank,
        younger_key,
        younger_rank,
        phone_evidence as evidence_code
    from pairs

    union all

    select
        pairs.older_key,
        pairs.older_rank,
        pairs.younger_key,
        pairs.younger_rank,
        case
            when name_counts.record_count > limits.common_name_records then 'common_name'
            else 'rare_name'
        end as evidence_code
    from pairs
    inner join name_counts
        on pairs.name_key = name_counts.name_key
    cross join limits

    union all

    select
        pairs.older_key,
        pairs.older_rank,
        pairs.younger_key,
        pairs.younger_rank,
        'opened_together' as evidence_code
    from pairs
    cross join limits
    where not pairs.is_one_system and pairs.seconds_apart <= limits.together_hours * 3600

    union all

    select
        older_key,
        older_rank,
        younger_key,
        younger_rank,
        'same_system' as evidence_code
    from pairs
    where is_one_system

    union all

    select
        older_key,
        older_rank,
        younger_key,
        younger_rank,
        'two_records' as evidence_code
    from pairs
),

kinds as (
    select
        evidence.older_key,
        evidence.older_rank,
        evidence.younger_key,
        evidence.younger_rank,
        match_weights.evidence_kind,
        max(match_weights.weight_bits) as weight_bits
    from evidence
    inner join match_weights
        on evidence.evidence_code = match_weights.evidence_code
    group by
        evidence.older_key,
        evidence.older_rank,
        evidence.younger_key,
        evidence.younger_rank,
        match_weights.evidence_kind
),

scores as (
    select
        older_key,
        older_rank,
        younger_key,
        younger_rank,
        cast(sum(weight_bits) as {{ numeric_type(8, 2) }}) as score_bits
    from kinds
    group by older_key, older_rank, younger_key, younger_rank
),

final as (
    select
        scores.older_key,
        scores.older_rank,
        scores.younger_key,
        scores.younger_rank,
        scores.score_bits,
        'same name, phones alike, '
        || cast(scores.score_bits as {{ dbt.type_string() }})
        || ' bits' as match_evidence
    from scores
    cross join limits
    where scores.score_bits >= limits.score_limit
)

select * from final
