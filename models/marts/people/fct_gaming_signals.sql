{#-
  Patterns that a target invites, by store and by advisor, month by month: what is seen, what would be
  expected, and how far apart the two are. A signal asks for a look; it accuses nobody.
-#}

with

detectors as (
    select * from {{ ref('gaming_detectors') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('dim_store') }}
),

{{ gaming_records() }},

placed as (
    select
        records.*,
        {{ month_start('records.business_on') }} as month_start_on,
        detectors.basis
    from records
    inner join detectors on records.detector_code = detectors.detector_code
),

scoped as (
    select
        'store' as scope_kind,
        store_key as scope_key,
        store_key,
        cast(null as {{ dbt.type_string() }}) as advisor_key,
        detector_code,
        month_start_on,
        is_long,
        is_hit
    from placed

    union all

    select
        'advisor' as scope_kind,
        advisor_key as scope_key,
        store_key,
        advisor_key,
        detector_code,
        month_start_on,
        is_long,
        is_hit
    from placed
    where advisor_key is not null
),

counts as (
    select
        scope_kind,
        scope_key,
        store_key,
        advisor_key,
        detector_code,
        month_start_on,
        count(*) as record_count,
        sum(case when is_hit then 1 else 0 end) as hit_count,
        sum(case when is_long then 1 else 0 end) as long_count,
        sum(case when is_long and is_hit then 1 else 0 end) as long_hit_count
    from scoped
    group by scope_kind, scope_key, store_key, advisor_key, detector_code, month_start_on
),

network_counts as (
    select
        detector_code,
        month_start_on,
        sum(record_count) as record_count,
        sum(hit_count) as hit_count
    from counts
    where scope_kind = 'store'
    group by detector_code, month_start_on
),

-- The other stores, so that a whole store that does it does not hide itself.
compared as (
    select
        counts.*,
        detectors.basis,
        cast(detectors.least_share as {{ double_type() }}) as least_share,
        detectors.strength_limit,
        detectors.min_evidence,
        detectors.owner,
        network_counts.record_count - own_store.record_count as other_record_count,
        network_counts.hit_count - own_store.hit_count as other_hit_count
    from counts
    inner join detectors on counts.detector_code = detectors.detector_code
    inner join network_counts
        on
            counts.detector_code = network_counts.detector_code
            and counts.month_start_on = network_counts.month_start_on
    inner join counts as own_store
        on
            counts.store_key = own_store.store_key
            and counts.detector_code = own_store.detector_code
            and counts.month_start_on = own_store.month_start_on
            and own_store.scope_kind = 'store'
),

-- Chance gives the expected hits of a half (long waits) as its share of all hits of the scope.
shared as (
    select
        *,
        basis = 'own_share' as is_half,
        case
            when basis in ('other_days', 'own_share')
                then long_count
            else record_count
        end as base_count,
        case
            when basis in ('other_days', 'own_share')
                then long_hit_count
            else hit_count
        end as observed_count,
        case
            when basis = 'other_stores' and other_record_count > 0
                then greatest(
                    least_share,
                    cast(other_hit_count as {{ double_type() }})
                    / cast(other_record_count as {{ double_type() }})
                )
            when basis = 'other_days' and record_count > long_count
                then greatest(
                    least_share,
                    cast(hit_count - long_hit_count as {{ double_type() }})
                    / cast(record_count - long_count as {{ double_type() }})
                )
            when basis = 'own_share'
                then
                    cast(hit_count as {{ double_type() }})
                    / cast(record_count as {{ double_type() }})
            else least_share
        end as expected_share
    from compared
),

expected as (
    select
        *,
        base_count * expected_share as expected_count,
        base_count * expected_share * (1 - expected_share)
        * case
            when is_half
                then
                    cast(record_count - long_count as {{ double_type() }})
                    / cast(record_count as {{ double_type() }})
            else 1
        end as variance
    from shared
    where base_count > 0
),

measured as (
    select
        *,
        {{ round_half_up('expected_count', 18, 2) }} as expected_records,
        {{ round_half_up('(observed_count - expected_count) / sqrt(variance + 1)', 18, 4) }}
            as strength
    from expected
),

final as (
    select
        {{ key([
            'measured.detector_code', 'measured.scope_kind', 'measured.scope_key',
            'measured.month_start_on',
        ]) }} as signal_key,
        measured.detector_code,
        measured.scope_kind,
        measured.store_key,
        stores.region_name,
        measured.advisor_key,
        measured.month_start_on,
        measured.basis,
        cast(measured.base_count as {{ dbt.type_int() }}) as base_count,
        cast(measured.observed_count as {{ dbt.type_int() }}) as observed_count,
        measured.expected_records as expected_count,
        cast(measured.observed_count - measured.expected_records as {{ numeric_type(18, 2) }})
            as excess_count,
        measured.strength,
        measured.strength_limit,
        measured.strength >= measured.strength_limit
        and measured.observed_count >= measured.min_evidence as asks_for_look,
        measured.owner
    from measured
    left join stores on measured.store_key = stores.store_key
)

select * from final
