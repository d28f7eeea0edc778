{#-
  What a kind of day is worth to a store in a month, against its ordinary days, and how often the
  store is open on it: from the store's own months before, the network's where these say little.
-#}
with

days as (
    select * from {{ ref('int_pace_days') }}
),

limits as (
    select
        cast({{ threshold('pace_profile_months') }} as {{ dbt.type_int() }}) as profile_months,
        {{ threshold('pace_profile_prior_days') }} as prior_days
),

month_bases as (
    select
        metric_code,
        store_key,
        month_start_on,
        cast(
            cast(sum(case when is_ordinary then day_amount else 0 end) as {{ double_type() }})
            / nullif(sum(case when is_ordinary then 1 else 0 end), 0)
            as {{ numeric_type(18, 6) }}
        ) as base_amount
    from days
    where is_known and is_open
    group by metric_code, store_key, month_start_on
),

kind_months as (
    select
        metric_code,
        store_key,
        month_start_on,
        day_kind,
        sum(case when is_open then day_amount else 0 end) as open_amount,
        sum(case when is_open then 1 else 0 end) as open_day_count,
        count(*) as day_count
    from days
    where is_known
    group by metric_code, store_key, month_start_on, day_kind
),

-- What the days would have brought, had they been ordinary days of their month.
weighed as (
    select
        kind_months.*,
        cast(
            kind_months.open_day_count * month_bases.base_amount as {{ numeric_type(24, 6) }}
        ) as expected_amount
    from kind_months
    inner join month_bases
        on
            kind_months.metric_code = month_bases.metric_code
            and kind_months.store_key = month_bases.store_key
            and kind_months.month_start_on = month_bases.month_start_on
),

-- A number for each month, so that months can be counted back.
months as (
    select
        month_start_on,
        {{ month_number('month_start_on') }} as month_no
    from days
    group by month_start_on
),

store_months as (
    select distinct
        metric_code,
        store_key,
        month_start_on
    from days
),

kinds as (
    select distinct day_kind from days
),

earlier as (
    select
        months.month_start_on,
        past.month_start_on as past_month_on,
        past.month_no = months.month_no - 1 as is_last_month
    from months
    cross join limits
    inner join months as past
        on
            months.month_no > past.month_no
            and months.month_no - limits.profile_months <= past.month_no
),

store_sums as (
    select
        weighed.metric_code,
        weighed.store_key,
        earlier.month_start_on,
        weighed.day_kind,
        sum(weighed.open_amount) as open_amount,
        sum(weighed.expected_amount) as expected_amount,
        sum(weighed.open_day_count) as open_day_count,
        sum(weighed.day_count) as day_count,
        sum(case when earlier.is_last_month then weighed.open_amount else 0 end)
            as last_month_amount,
        sum(case when earlier.is_last_month then weighed.open_day_count else 0 end)
            as last_month_day_count
    from weighed
    inner join earlier on weighed.month_start_on = earlier.past_month_on
    group by weighed.metric_code, weighed.store_key, earlier.month_start_on, weighed.day_kind
),

network_sums as (
    select
        metric_code,
        month_start_on,
        day_kind,
        sum(open_amount) as open_amount,
        sum(expected_amount) as expected_amount,
        sum(open_day_count) as open_day_count,
        sum(day_count) as day_count
    from store_sums
    group by metric_code, month_start_on, day_kind
),

network_profiles as (
    select
        metric_code,
        month_start_on,
        day_kind,
        cast(open_amount as {{ double_type() }})
        / nullif(cast(expected_amount as {{ double_type() }}), 0) as day_weight,
        cast(open_day_count as {{ double_type() }}) / day_count as open_share
    from network_sums
),

profiles as (
    select
        store_months.metric_code,
        store_months.store_key,
        store_months.month_start_on,
        kinds.day_kind,
        coalesce(store_sums.open_day_count, 0) as open_day_count,
        coalesce(store_sums.day_count, 0) as day_count,
        coalesce(
            cast(store_sums.open_amount as {{ double_type() }})
            / nullif(cast(store_sums.expected_amount as {{ double_type() }}), 0),
            0
        ) as own_weight,
        coalesce(network_profiles.day_weight, 1) as network_weight,
        coalesce(network_profiles.open_share, 1) as network_open_share,
        coalesce(store_sums.last_month_amount, 0) as last_month_amount,
        coalesce(store_sums.last_month_day_count, 0) as last_month_day_count,
        cast(limits.prior_days as {{ double_type() }}) as prior_days
    from store_months
    cross join kinds
    cross join limits
    left join store_sums
        on
            store_months.metric_code = store_sums.metric_code
            and store_months.store_key = store_sums.store_key
            and store_months.month_start_on = store_sums.month_start_on
            and kinds.day_kind = store_sums.day_kind
    left join network_profiles
        on
            store_months.metric_code = network_profiles.metric_code
            and store_months.month_start_on = network_profiles.month_start_on
            and kinds.day_kind = network_profiles.day_kind
),

final as (
    select
        metric_code,
        store_key,
        month_start_on,
        day_kind,
        cast(
            (open_day_count * own_weight + prior_days * network_weight)
            / (open_day_count + prior_days) as {{ numeric_type(12, 6) }}
        ) as day_weight,
        cast(
            (open_day_count + prior_days * network_open_share) / (day_count + prior_days)
            as {{ numeric_type(12, 6) }}
        ) as open_share,
        cast(last_month_amount as {{ numeric_type(18, 2) }}) as last_month_amount,
        cast(last_month_day_count as {{ dbt.type_int() }}) as last_month_day_count
    from profiles
)

select * from final
