{{ config(meta={'rule_id': 'model_invariant_broken'}) }}
-- Proves that the members of every dimension, rows without a member included, add up to the sums
-- of the store by month exactly, above and below the line, for whole months and for as many days as
-- the running month has.
-- It does not judge whether a row belongs to the right member.

with

metric_members as (
    select * from {{ ref('fct_metric_members') }}
),

metric_periods as (
    select * from {{ ref('fct_metric_periods') }}
    where scope_kind = 'store' and period_kind = 'month'
),

periods as (
    select * from {{ ref('int_periods') }}
    where period_kind = 'month' and not is_complete
),

-- Members are made of facts, and know nothing of a source that never delivered.
not_known as (
    select
        metric_code,
        store_key
    from {{ ref('fct_metric_availability') }}
    where scope_kind = 'store' and availability <> 'available'
),

held_months as (
    select * from {{ ref('int_held_months') }}
),

member_sums as (
    select
        metric_code,
        store_key,
        month_start_on,
        part,
        dimension_code,
        denominator_kind,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from metric_members
    group by
        metric_code, store_key, month_start_on, part, dimension_code, denominator_kind
),

store_sums as (
    select
        metric_code,
        store_key,
        period_start_on as month_start_on,
        'whole' as part,
        numerator,
        denominator
    from metric_periods
    {% for comparison in ['previous', 'last_year'] %}
        union all

        select
            metric_periods.metric_code,
            metric_periods.store_key,
            periods.{{ comparison }}_start_on as month_start_on,
            'to_date' as part,
            metric_periods.{{ comparison }}_numerator as numerator,
            metric_periods.{{ comparison }}_denominator as denominator
        from metric_periods
        inner join periods on metric_periods.period_start_on = periods.period_start_on
    {% endfor %}
),

final as (
    select
        member_sums.*,
        store_sums.numerator as store_numerator,
        store_sums.denominator as store_denominator
    from member_sums
    left join store_sums
        on
            member_sums.metric_code = store_sums.metric_code
            and member_sums.store_key = store_sums.store_key
            and member_sums.month_start_on = store_sums.month_start_on
            and member_sums.part = store_sums.part
    left join not_known
        on
            member_sums.metric_code = not_known.metric_code
            and member_sums.store_key = not_known.store_key
    left join held_months
        on
            member_sums.store_key = held_months.store_key
            and member_sums.month_start_on = held_months.month_start_on
    where
        not_known.metric_code is null
        and held_months.store_key is null
        and (
            store_sums.numerator is null
            or member_sums.numerator <> store_sums.numerator
            or (
                member_sums.denominator_kind = 'member'
                and coalesce(member_sums.denominator, 0) <> store_sums.denominator
            )
        )
)

select * from final
