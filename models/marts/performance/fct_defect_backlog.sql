{#-
  The steward's backlog: the rules that landed rows break, by store, the one that could move a metric
  most first. Yuan comes before everything that has no price.
-#}

with

dq_rules as (
    select * from {{ ref('dq_rules') }}
    where valid_to is null
),

rule_hits as (
    select * from {{ ref('dq_rule_hits') }}
),

corrections as (
    select * from {{ ref('dq_corrections') }}
),

batches as (
    select * from {{ source('control', 'batches') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

defect_bounds as (
    select * from {{ ref('int_defect_bounds') }}
    where is_main_metric
),

error_bounds as (
    select * from {{ ref('fct_metric_error_bounds') }}
),

repaired_rows as (
    select distinct
        'stg_' || system || '__' || table_name as table_name,
        batch_id,
        row_number
    from corrections
    where is_repaired
),

-- Hits are many, batches few: counted by batch before anything is joined.
batch_hits as (
    select
        rule_hits.rule_id,
        rule_hits.table_name,
        rule_hits.batch_id,
        rule_hits.store_id,
        count(*) as row_count,
        sum(case when repaired_rows.row_number is not null then 1 else 0 end) as repaired_row_count
    from rule_hits
    left join repaired_rows
        on
            rule_hits.table_name = repaired_rows.table_name
            and rule_hits.batch_id = repaired_rows.batch_id
            and rule_hits.row_number = repaired_rows.row_number
    group by
        rule_hits.rule_id, rule_hits.table_name, rule_hits.batch_id, rule_hits.store_id
),

counted as (
    select
        batch_hits.rule_id,
        batch_hits.store_id,
        sum(batch_hits.row_count - batch_hits.repaired_row_count) as open_row_count,
        sum(batch_hits.repaired_row_count) as repaired_row_count,
        min(batches.extract_on) as first_seen_on,
        max(batches.extract_on) as newest_seen_on
    from batch_hits
    inner join batches
        on
            batch_hits.table_name = 'stg_' || batches.system || '__' || batches.table_name
            and batch_hits.batch_id = batches.batch_id
    group by batch_hits.rule_id, batch_hits.store_id
),

-- Over all months of the store.
moved as (
    select
        rule_id,
        metric_code,
        bound_kind,
        store_key,
        sum(row_count) as row_count,
        sum(lowest_numerator) as lowest_numerator,
        sum(lowest_denominator) as lowest_denominator,
        sum(highest_numerator) as highest_numerator,
        sum(highest_denominator) as highest_denominator
    from defect_bounds
    group by rule_id, metric_code, bound_kind, store_key
),

store_sums as (
    select
        metric_code,
        store_key,
        unit,
        factor,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from error_bounds
    group by metric_code, store_key, unit, factor
),

priced as (
    select
        moved.rule_id,
        moved.store_key,
        moved.metric_code,
        moved.bound_kind,
        moved.row_count as moving_row_count,
        store_sums.unit,
        {{ metric_value('store_sums.numerator', 'store_sums.denominator', 'store_sums.factor') }}
            as metric_value,
        {{ metric_value(
            '(store_sums.numerator + moved.lowest_numerator)',
            '(store_sums.denominator + moved.lowest_denominator)',
            'store_sums.factor',
        ) }} as lowest_value,
        {{ metric_value(
            '(store_sums.numerator + moved.highest_numerator)',
            '(store_sums.denominator + moved.highest_denominator)',
            'store_sums.factor',
        ) }} as highest_value
    from moved
    inner join store_sums
        on
            moved.metric_code = store_sums.metric_code
            and moved.store_key = store_sums.store_key
),

-- Unreachable phones move a store by its surveys, whether or not a customer record names the store.
backlog as (
    select
        coalesce(counted.rule_id, priced.rule_id) as rule_id,
        coalesce(counted.store_id, priced.store_key) as store_key,
        coalesce(counted.open_row_count, 0) as open_row_count,
        coalesce(counted.repaired_row_count, 0) as repaired_row_count,
        counted.first_seen_on,
        counted.newest_seen_on,
        priced.metric_code,
        priced.bound_kind,
        priced.unit,
        coalesce(priced.moving_row_count, 0) as moving_row_count,
        priced.metric_value,
        priced.lowest_value,
        priced.highest_value,
        priced.highest_value - priced.lowest_value as value_range,
        case when priced.unit = 'yuan' then priced.highest_value - priced.lowest_value end
            as yuan_at_stake
    from counted
    full outer join priced
        on counted.rule_id = priced.rule_id and counted.store_id = priced.store_key
),

described as (
    select
        backlog.*,
        {{ key(['backlog.rule_id', "coalesce(backlog.store_key, '')"]) }} as backlog_key,
        stores.region_name,
        dq_rules.table_name,
        dq_rules.consequence_kind,
        dq_rules.severity,
        dq_rules.owner,
        dq_rules.endangered_metrics,
        dq_rules.sentence_zh,
        dq_rules.sentence_en,
        dq_rules.fix_hint_zh,
        dq_rules.fix_hint_en,
        cast(backlog.value_range as {{ double_type() }})
        / nullif(cast(abs(backlog.metric_value) as {{ double_type() }}), 0) as relative_range
    from backlog
    inner join dq_rules on backlog.rule_id = dq_rules.rule_id
    left join stores on backlog.store_key = stores.store_key
),

final as (
    select
        backlog_key,
        cast(
            row_number() over (
                order by
                    case when open_row_count > 0 or moving_row_count > 0 then 0 else 1 end asc,
                    yuan_at_stake desc nulls last,
                    relative_range desc nulls last,
                    open_row_count desc,
                    backlog_key asc
            ) as {{ dbt.type_int() }}
        ) as backlog_rank,
        rule_id,
        store_key,
        region_name,
        table_name,
        consequence_kind,
        severity,
        owner,
        endangered_metrics,
        cast(open_row_count as {{ dbt.type_int() }}) as open_row_count,
        cast(repaired_row_count as {{ dbt.type_int() }}) as repaired_row_count,
        cast(moving_row_count as {{ dbt.type_int() }}) as moving_row_count,
        first_seen_on,
        newest_seen_on,
        metric_code,
        bound_kind,
        unit,
        metric_value,
        lowest_value,
        highest_value,
        cast(value_range as {{ numeric_type(20, 6) }}) as value_range,
        cast(yuan_at_stake as {{ numeric_type(18, 2) }}) as yuan_at_stake,
        sentence_zh,
        sentence_en,
        fix_hint_zh,
        fix_hint_en
    from described
)

select * from final
