{#-
  What the open defects could make of the sums of a metric, by rule, store and month: what the lowest
  and the highest case add to its numerator and its denominator. seeds/quality/error_bound_kinds.csv
  says in words what each kind takes for granted. Broken rows are few, so they are looked up in the
  facts, never the other way round.
-#}
{%- set plausible_header -%}
    record_amount >= 0 and record_amount <= limits.max_order_amount_yuan
{%- endset -%}
{%- set sums = [
    'lowest_numerator', 'lowest_denominator', 'highest_numerator', 'highest_denominator',
] -%}
{#- Metric, relation of broken rows, condition, and the four sums. -#}
{%- set cases = [
    ('revenue', 'lost_orders', 'true', ['0', '0', 'highest_amount', '0']),
    ('average_ticket', 'lost_orders', 'true', ['0', '1', 'highest_amount', '0']),
    ('first_time_fix_rate', 'lost_repairs', 'true', ['0', '1', '1', '1']),
    ('revenue', 'wrong_lines', 'true', ['lowest_amount', '0', 'highest_amount', '0']),
    ('average_ticket', 'wrong_lines', 'true', ['lowest_amount', '0', 'highest_amount', '0']),
    ('nps', 'lost_answers', 'is_nps_unknown', ['-1', '1', '1', '1']),
    ('csi', 'lost_answers', 'is_csi_unknown', ['csi_score_min', '1', 'csi_score_max', '1']),
    ('bay_utilisation', 'bay_intervals', "is_kept_out and coalesce(record_kind, '') <> 'blocked'",
        ['0', '0', 'possible_minutes', '0']),
    ('bay_utilisation', 'bay_intervals', "not is_kept_out and record_kind = 'productive'",
        ['-possible_minutes', '0', '0', '0']),
    ('technician_productivity', 'clock_intervals', "is_longer and record_kind = 'job'",
        ['0', '0', 'possible_minutes', '0']),
    ('technician_productivity', 'clock_intervals', "is_longer and record_kind = 'shift'",
        ['0', 'possible_minutes', '0', '0']),
    ('technician_productivity', 'clock_intervals',
        "is_longer and coalesce(record_kind, '') not in ('job', 'shift')",
        ['0', 'possible_minutes', 'possible_minutes', '0']),
    ('technician_productivity', 'clock_intervals', "not is_longer and record_kind = 'job'",
        ['-possible_minutes', '0', '0', '0']),
    ('technician_productivity', 'clock_intervals', "not is_longer and record_kind = 'shift'",
        ['0', '0', '0', '-possible_minutes']),
] -%}

with

defect_rows as (
    select * from {{ ref('int_defect_rows') }}
),

error_bounds as (
    select * from {{ ref('error_bounds') }}
    where valid_to is null
),

corrections as (
    select * from {{ ref('dq_corrections') }}
),

superseded_rows as (
    select * from {{ ref('int_superseded_rows') }}
),

store_offsets as (
    select * from {{ ref('int_store_offsets') }}
),

dates as (
    select * from {{ ref('dim_date') }}
),

order_types as (
    select * from {{ ref('order_types') }}
    where valid_to is null
),

stores as (
    select * from {{ ref('stg_dms__stores') }}
),

repair_orders as (
    select * from {{ ref('fct_repair_orders') }}
),

comebacks as (
    select * from {{ ref('fct_comebacks') }}
),

surveys as (
    select * from {{ ref('fct_surveys') }}
),

customers as (
    select * from {{ ref('dim_customer') }}
),

customer_sources as (
    select * from {{ ref('bridge_customer_sources') }}
),

store_months as (
    select * from {{ ref('fct_store_month') }}
),

limits as (
    select
        {{ threshold('max_order_amount_yuan') }} as max_order_amount_yuan,
        {{ threshold('max_line_amount_yuan') }} as max_line_amount_yuan,
        {{ threshold('plausible_order_share') }} as plausible_order_share,
        {{ threshold('csi_score_min') }} as csi_score_min,
        {{ threshold('csi_score_max') }} as csi_score_max,
        cast({{ threshold('comeback_window_days') }} as {{ dbt.type_int() }}) as window_days
),

repaired_rows as (
    select distinct
        'stg_' || system || '__' || table_name as table_name,
        batch_id,
        row_number
    from corrections
    where is_repaired
),

replaced_rows as (
    select
        'stg_' || replace(table_name, '.', '__') as table_name,
        _batch_id as batch_id,
        _row_number as row_number
    from superseded_rows
),

-- A second order under a known number is told from a second copy by its vehicle.
unrepaired_rows as (
    select
        defect_rows.*,
        row_number() over (
            partition by
                defect_rows.table_name,
                coalesce(
                    defect_rows.record_key,
                    {{ key(['defect_rows.batch_id', 'defect_rows.row_number']) }}
                ),
                case
                    when defect_rows.rule_id = 'repair_order_number_duplicated'
                        then defect_rows.vehicle_id
                end
            order by defect_rows.batch_id desc, defect_rows.row_number desc
        ) as version_rank
    from defect_rows
    left join repaired_rows
        on
            defect_rows.table_name = repaired_rows.table_name
            and defect_rows.batch_id = repaired_rows.batch_id
            and defect_rows.row_number = repaired_rows.row_number
    left join replaced_rows
        on
            defect_rows.table_name = replaced_rows.table_name
            and defect_rows.batch_id = replaced_rows.batch_id
            and defect_rows.row_number = replaced_rows.row_number
    where repaired_rows.row_number is null and replaced_rows.row_number is null
),

ranked_stores as (
    select
        *,
        {{ version_rank(['store_id']) }} as version_rank
    from stores
    where quarantine_rule_id is null
),

-- Rows of a known store at a known time, on the local day.
placed_rows as (
    select
        unrepaired_rows.*,
        unrepaired_rows.store_id as store_key,
        store_offsets.utc_offset_minutes,
        ranked_stores.closes_hour,
        {{ local_date(
            'coalesce(unrepaired_rows.started_at, unrepaired_rows.keyed_at)',
            'store_offsets.utc_offset_minutes',
        ) }} as business_on
    from unrepaired_rows
    inner join store_offsets
        on
            unrepaired_rows.store_id = store_offsets.store_key
            and coalesce(unrepaired_rows.started_at, unrepaired_rows.keyed_at)
            >= store_offsets.valid_from_at
            and coalesce(unrepaired_rows.started_at, unrepaired_rows.keyed_at)
            < store_offsets.valid_to_at
    inner join ranked_stores
        on unrepaired_rows.store_id = ranked_stores.store_id and ranked_stores.version_rank = 1
    where unrepaired_rows.version_rank = 1
),

-- Orders kept out that no counted version stands for.
unknown_orders as (
    select placed_rows.*
    from placed_rows
    left join repair_orders on placed_rows.record_key = repair_orders.repair_order_key
    where
        placed_rows.table_name = 'stg_dms__repair_orders'
        and coalesce(placed_rows.record_kind, '') <> 'cancelled'
        and (
            repair_orders.repair_order_key is null
            or (
                placed_rows.rule_id = 'repair_order_number_duplicated'
                and placed_rows.vehicle_id <> repair_orders.vehicle_key
            )
        )
),

unpriced_months as (
    select distinct
        unknown_orders.store_key,
        {{ month_start('unknown_orders.business_on') }} as month_start_on
    from unknown_orders
    cross join limits
    where not coalesce({{ plausible_header }}, false)
),

month_orders as (
    select
        repair_orders.store_key,
        unpriced_months.month_start_on,
        repair_orders.revenue_amount,
        row_number() over (
            partition by repair_orders.store_key, unpriced_months.month_start_on
            order by repair_orders.revenue_amount, repair_orders.repair_order_key
        ) as amount_rank,
        count(*) over (
            partition by repair_orders.store_key, unpriced_months.month_start_on
        ) as order_count
    from repair_orders
    inner join unpriced_months
        on
            repair_orders.store_key = unpriced_months.store_key
            and {{ month_start('repair_orders.business_on') }} = unpriced_months.month_start_on
    where not repair_orders.is_cancelled
),

plausible_amounts as (
    select
        month_orders.store_key,
        month_orders.month_start_on,
        min(month_orders.revenue_amount) as plausible_amount
    from month_orders
    cross join limits
    where month_orders.amount_rank >= limits.plausible_order_share * month_orders.order_count
    group by month_orders.store_key, month_orders.month_start_on
),

lost_orders as (
    select
        unknown_orders.*,
        case
            when {{ plausible_header }} then unknown_orders.record_amount
            else coalesce(plausible_amounts.plausible_amount, 0)
        end as highest_amount
    from unknown_orders
    cross join limits
    left join plausible_amounts
        on
            unknown_orders.store_key = plausible_amounts.store_key
            and {{ month_start('unknown_orders.business_on') }} = plausible_amounts.month_start_on
),

-- What may be a repair: of an eligible type, or of one nobody knows.
possible_repairs as (
    select unknown_orders.*
    from unknown_orders
    left join order_types on unknown_orders.order_type = order_types.order_type
    where
        unknown_orders.fault_system is not null
        and coalesce(order_types.is_comeback_eligible, true)
),

settled_repairs as (
    select
        rule_id,
        table_name,
        batch_id,
        row_number,
        store_key,
        coalesce({{ local_date('ended_at', 'utc_offset_minutes') }}, business_on) as business_on
    from possible_repairs
    where coalesce(record_kind, '') <> 'open'
),

lost_repairs as (
    select settled_repairs.*
    from settled_repairs
    inner join dates on settled_repairs.business_on = dates.date_on
    where dates.is_comeback_mature
),

-- Orders counted as fixed that an order kept out may be the return of; each is lost once.
doubted_fixes as (
    select
        possible_repairs.rule_id,
        comebacks.store_key,
        comebacks.business_on,
        row_number() over (
            partition by comebacks.repair_order_key
            order by
                possible_repairs.table_name, possible_repairs.batch_id, possible_repairs.row_number
        ) as doubt_rank
    from possible_repairs
    cross join limits
    inner join comebacks
        on
            possible_repairs.vehicle_id = comebacks.vehicle_key
            and possible_repairs.fault_system = comebacks.fault_system
            and possible_repairs.business_on >= comebacks.business_on
            and possible_repairs.business_on
            <= {{ add_days('comebacks.business_on', 'limits.window_days') }}
    inner join dates on comebacks.business_on = dates.date_on
    where not comebacks.has_comeback and dates.is_comeback_mature
),

-- Nobody knows of which order a vehicle without a number is the return: one of the month it came in
-- or of the month in which the window began.
nameless_returns as (
    select
        possible_repairs.rule_id,
        possible_repairs.batch_id,
        possible_repairs.row_number,
        possible_repairs.store_key,
        {{ month_start('possible_repairs.business_on') }} as month_start_on
    from possible_repairs
    where possible_repairs.vehicle_id is null

    union distinct

    select
        possible_repairs.rule_id,
        possible_repairs.batch_id,
        possible_repairs.row_number,
        possible_repairs.store_key,
        {{ month_start(add_days('possible_repairs.business_on', '-limits.window_days')) }}
            as month_start_on
    from possible_repairs
    cross join limits
    where possible_repairs.vehicle_id is null
),

order_lines as (
    select
        unrepaired_rows.*,
        repair_orders.store_key,
        repair_orders.business_on,
        repair_orders.header_total_amount,
        repair_orders.revenue_amount,
        error_bounds.bound_kind
    from unrepaired_rows
    inner join repair_orders
        on
            {{ key(['unrepaired_rows.store_id', 'unrepaired_rows.repair_order_no']) }}
            = repair_orders.repair_order_key
    inner join error_bounds
        on
            unrepaired_rows.rule_id = error_bounds.rule_id
            and error_bounds.metric_code = 'revenue'
    where
        unrepaired_rows.version_rank = 1
        and unrepaired_rows.table_name in ('stg_dms__labour_lines', 'stg_dms__part_lines')
        and not repair_orders.is_cancelled
),

wrong_lines as (
    select
        order_lines.*,
        case
            when order_lines.bound_kind = 'line_of_unknown_sign'
                then -abs(order_lines.record_amount)
            else 0
        end as lowest_amount,
        case
            when order_lines.bound_kind = 'line_of_unknown_sign' then abs(order_lines.record_amount)
            when order_lines.bound_kind = 'line_in_wan'
                then greatest(order_lines.record_amount, 0) * (10000 - 1)
            when order_lines.bound_kind = 'kept_out_line'
                then greatest(coalesce(order_lines.record_amount, 0), 0)
            when
                order_lines.header_total_amount > 0
                and order_lines.header_total_amount <= limits.max_order_amount_yuan
                then greatest(order_lines.header_total_amount - order_lines.revenue_amount, 0)
            else limits.max_line_amount_yuan
        end as highest_amount
    from order_lines
    cross join limits
),

-- An answer let in lacks a score; one kept out is unknown unless a newer version of it counts.
lost_answers as (
    select
        placed_rows.*,
        limits.csi_score_min,
        limits.csi_score_max
    from placed_rows
    cross join limits
    left join surveys on placed_rows.record_key = surveys.survey_key
    where
        placed_rows.table_name = 'stg_crm__surveys'
        and (not placed_rows.is_kept_out or surveys.survey_key is null)
),

unheard_months as (
    select
        surveys.store_key,
        {{ month_start('surveys.business_on') }} as month_start_on,
        count(*) as row_count
    from surveys
    inner join customer_sources
        on surveys.source_customer_key = customer_sources.source_customer_key
    inner join customers on customer_sources.customer_key = customers.customer_key
    where
        not surveys.is_responded
        and surveys.survey_channel in ('sms', 'phone')
        and not customers.is_phone_reachable
    group by surveys.store_key, {{ month_start('surveys.business_on') }}
),

-- As many answers are missing as others give: answers by surveys that could arrive.
missing_answers as (
    select
        unheard_months.store_key,
        unheard_months.month_start_on,
        unheard_months.row_count,
        {%- for answer in ['nps', 'csi'] %}
            {{ round_half_up(
                'unheard_months.row_count * '
                ~ metric_ratio(
                    'store_months.' ~ answer ~ '_response_count',
                    '(store_months.survey_sent_count - unheard_months.row_count)', 1,
                ),
                20, 4,
            ) }} as {{ answer }}_answer_count
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from unheard_months
    inner join store_months
        on
            unheard_months.store_key = store_months.store_key
            and unheard_months.month_start_on = store_months.month_start_on
),

timed_rows as (
    select
        placed_rows.*,
        placed_rows.closes_hour * 3600
        - {{ second_of_day('business_on', 'started_at', 'utc_offset_minutes') }}
            as seconds_to_closing,
        case
            when placed_rows.ended_at >= placed_rows.started_at
                then {{ seconds_between('placed_rows.started_at', 'placed_rows.ended_at') }}
        end as recorded_seconds,
        error_bounds.bound_kind
    from placed_rows
    inner join error_bounds on placed_rows.rule_id = error_bounds.rule_id
    where
        placed_rows.started_at is not null
        and placed_rows.table_name in ('stg_dms__bay_occupancy', 'stg_dms__clock_events')
),

intervals as (
    select
        timed_rows.*,
        timed_rows.bound_kind <> 'overlong_interval' as is_longer,
        {{ minutes_from_seconds(
            "case when bound_kind = 'open_interval' or recorded_seconds is null "
            ~ "then greatest(seconds_to_closing, 0) else recorded_seconds end"
        ) }} as possible_minutes
    from timed_rows
),

bay_intervals as (
    select * from intervals
    where table_name = 'stg_dms__bay_occupancy'
),

clock_intervals as (
    select * from intervals
    where table_name = 'stg_dms__clock_events'
),

effects as (
    {%- for metric, relation, condition, values in cases %}
        select
            '{{ metric }}' as metric_code,
            rule_id,
            store_key,
            {{ month_start('business_on') }} as month_start_on,
            1 as row_count,
            {%- for value in values %}
                cast({{ value }} as {{ numeric_type(20, 4) }}) as {{ sums[loop.index0] }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from {{ relation }}
        where {{ condition }}

        union all
    {% endfor %}
    select
        'first_time_fix_rate' as metric_code,
        rule_id,
        store_key,
        {{ month_start('business_on') }} as month_start_on,
        0 as row_count,
        -1 as lowest_numerator,
        0 as lowest_denominator,
        0 as highest_numerator,
        0 as highest_denominator
    from doubted_fixes
    where doubt_rank = 1

    union all

    select
        'first_time_fix_rate' as metric_code,
        rule_id,
        store_key,
        month_start_on,
        0 as row_count,
        -1 as lowest_numerator,
        0 as lowest_denominator,
        0 as highest_numerator,
        0 as highest_denominator
    from nameless_returns

    union all

    select
        'nps' as metric_code,
        'phone_unreachable' as rule_id,
        store_key,
        month_start_on,
        row_count,
        -nps_answer_count as lowest_numerator,
        nps_answer_count as lowest_denominator,
        nps_answer_count as highest_numerator,
        nps_answer_count as highest_denominator
    from missing_answers
    where nps_answer_count > 0

    union all

    select
        'csi' as metric_code,
        'phone_unreachable' as rule_id,
        missing_answers.store_key,
        missing_answers.month_start_on,
        missing_answers.row_count,
        limits.csi_score_min * missing_answers.csi_answer_count as lowest_numerator,
        missing_answers.csi_answer_count as lowest_denominator,
        limits.csi_score_max * missing_answers.csi_answer_count as highest_numerator,
        missing_answers.csi_answer_count as highest_denominator
    from missing_answers
    cross join limits
    where missing_answers.csi_answer_count > 0
),

-- Only what the seed declares bounds a metric.
final as (
    select
        effects.rule_id,
        effects.metric_code,
        error_bounds.bound_kind,
        error_bounds.is_main_metric,
        effects.store_key,
        effects.month_start_on,
        cast(sum(effects.row_count) as {{ dbt.type_int() }}) as row_count,
        {%- for name in sums %}
            cast(sum(effects.{{ name }}) as {{ numeric_type(20, 4) }}) as {{ name }}
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from effects
    inner join error_bounds
        on
            effects.rule_id = error_bounds.rule_id
            and effects.metric_code = error_bounds.metric_code
    group by
        effects.rule_id,
        effects.metric_code,
        error_bounds.bound_kind,
        error_bounds.is_main_metric,
        effects.store_key,
        effects.month_start_on
)

select * from final
