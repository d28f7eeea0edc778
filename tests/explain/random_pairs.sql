{#- Draws questions at random (metric, dimension, scope, two months or two stores) and decomposes all of
    them at once with the project's macro. `planted` is added to the sum of one member of each draw. -#}
with

scopes as (
    select 'store' as scope_kind, store_key as scope_key from marts.dim_store
    union all
    select distinct 'region', region_name from marts.dim_store
    union all
    select 'network', 'network'
),

placed as (
    select
        members.*,
        stores.region_name
    from marts.fct_metric_members as members
    inner join marts.dim_store as stores using (store_key)
    where members.part = 'whole'
),

scope_members as (
    select
        scopes.scope_kind,
        scopes.scope_key,
        placed.metric_code,
        placed.dimension_code,
        placed.denominator_kind,
        placed.month_start_on,
        placed.member_code,
        sum(placed.numerator) as numerator,
        coalesce(sum(placed.denominator), 0) as denominator
    from placed
    inner join scopes
        on scopes.scope_kind = 'network' or scopes.scope_key in (placed.store_key, placed.region_name)
    group by all
),

totals as (
    select
        scope_kind, scope_key, metric_code, period_start_on as month_start_on, factor, numerator,
        denominator
    from marts.fct_metric_periods
    where period_kind = 'month' and (denominator is null or denominator <> 0)
),

places as (
    select distinct scope_kind, scope_key, metric_code, dimension_code, denominator_kind,
        month_start_on
    from scope_members
),

questions as (
    select
        row_number() over (
            order by hash(
                base.metric_code, base.dimension_code, base.scope_key, base.month_start_on,
                now.scope_key, now.month_start_on, {{ seed }}
            )
        ) as question,
        base.metric_code, base.dimension_code, base.denominator_kind,
        base.scope_kind as base_kind, base.scope_key as base_key,
        base.month_start_on as base_month,
        now.scope_kind as now_kind, now.scope_key as now_key, now.month_start_on as now_month
    from places as base
    inner join places as now using (metric_code, dimension_code, denominator_kind)
    inner join totals as base_total
        on base_total.scope_kind = base.scope_kind and base_total.scope_key = base.scope_key
        and base_total.metric_code = base.metric_code
        and base_total.month_start_on = base.month_start_on
    inner join totals as now_total
        on now_total.scope_kind = now.scope_kind and now_total.scope_key = now.scope_key
        and now_total.metric_code = now.metric_code
        and now_total.month_start_on = now.month_start_on
    where (base.scope_key, base.month_start_on) <> (now.scope_key, now.month_start_on)
    qualify question <= {{ draws }}
),

pooled as (
    select question, member_code, numerator as base_numerator, denominator as base_denominator,
        0 as current_numerator, 0 as current_denominator
    from questions
    inner join scope_members as m
        on m.metric_code = questions.metric_code and m.dimension_code = questions.dimension_code
        and m.scope_kind = base_kind and m.scope_key = base_key and m.month_start_on = base_month
    union all
    select question, member_code, 0, 0, numerator + {{ planted }} * (
        row_number() over (partition by question order by member_code) = 1
    )::integer, denominator
    from questions
    inner join scope_members as m
        on m.metric_code = questions.metric_code and m.dimension_code = questions.dimension_code
        and m.scope_kind = now_kind and m.scope_key = now_key and m.month_start_on = now_month
),

sides as (
    select
        pooled.question, questions.metric_code, questions.dimension_code,
        questions.denominator_kind, pooled.member_code, base_total.factor,
        sum(pooled.base_numerator) as base_numerator,
        sum(pooled.base_denominator) as base_denominator,
        sum(pooled.current_numerator) as current_numerator,
        sum(pooled.current_denominator) as current_denominator,
        base_total.numerator as total_base_numerator,
        base_total.denominator as total_base_denominator,
        now_total.numerator as total_current_numerator,
        now_total.denominator as total_current_denominator
    from pooled
    inner join questions using (question)
    inner join totals as base_total
        on base_total.scope_kind = base_kind and base_total.scope_key = base_key
        and base_total.metric_code = questions.metric_code
        and base_total.month_start_on = base_month
    inner join totals as now_total
        on now_total.scope_kind = now_kind and now_total.scope_key = now_key
        and now_total.metric_code = questions.metric_code
        and now_total.month_start_on = now_month
    group by all
),

{{ decomposed_members('sides') }}

select
    question,
    metric_code,
    dimension_code,
    count(*) as members,
    max(current_total) - max(base_total) - sum(contribution) as residual,
    max(abs(coalesce(rate_effect + mix_effect, contribution) - contribution)) as split_residual
from decomposed_members
group by all
