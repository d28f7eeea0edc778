{#-
  Every store, table and day of the last months judged against what was usual for the store before, all
  days in one query, so that their alarms can be counted. A day learns from earlier ones only.
-#}

with

run_context as (
    select * from {{ source('control', 'run_context') }}
),

rules as (
    select * from {{ ref('normal_rules') }}
    where valid_to is null
),

limits as (
    select
        {{ add_days('run_context.as_of_on', '-' ~ threshold('normal_judged_days')) }} as first_on,
        run_context.as_of_on as last_on,
        {{ threshold('normal_same_weekdays') }} as same_weekdays,
        {{ threshold('normal_min_weekdays') }} as min_weekdays,
        {{ threshold('normal_learning_days') }} as learning_days,
        cast({{ threshold('normal_holiday_margin_days') }} as {{ dbt.type_int() }}) as margin_days,
        {{ threshold('normal_usual_deviations') }} as usual_deviations,
        {{ threshold('normal_usual_deviation') }} as usual_deviation,
        {{ threshold('normal_usual_log_deviation') }} as usual_log_deviation,
        {{ threshold('normal_least_deviation') }} as least_deviation,
        {{ threshold('normal_least_log_deviation') }} as least_log_deviation,
        {{ threshold('normal_base_weeks') }} as base_weeks
    from run_context
),

-- Not fct_store_day: a held cell of it stands as an earlier version served it.
store_days as (
    select * from {{ ref('int_store_day_parts') }}
),

day_lines as (
    select * from {{ ref('int_store_day_lines') }}
),

day_orders as (
    select * from {{ ref('int_store_day_orders') }}
),

day_checks as (
    select * from {{ ref('dq_store_days') }}
),

calendar as (
    select
        dates.date_on,
        dates.iso_weekday,
        dates.is_holiday or dates.is_adjusted_workday as is_off_calendar
    from {{ ref('dim_date') }} as dates
),

special_days as (
    select distinct some_days.date_on
    from calendar as some_days
    cross join limits
    inner join calendar as near_days
        on
            some_days.date_on >= {{ add_days('near_days.date_on', '-limits.margin_days') }}
            and some_days.date_on <= {{ add_days('near_days.date_on', 'limits.margin_days') }}
            and near_days.is_off_calendar
),

-- Rows and amounts of a store and day by the table they lie in.
counted as (
    select
        store_key,
        business_on,
        'dms.repair_orders' as table_name,
        order_count + cancelled_order_count as row_count,
        cast(null as {{ numeric_type(18, 2) }}) as amount
    from day_orders

    union all

    select
        store_key,
        business_on,
        'crm.complaints' as table_name,
        complaint_count as row_count,
        cast(null as {{ numeric_type(18, 2) }}) as amount
    from store_days

    union all

    select
        store_key,
        business_on,
        case when line_type = 'labour' then 'dms.labour_lines' else 'dms.part_lines' end
            as table_name,
        sum(line_count) as row_count,
        sum(list_amount) as amount
    from day_lines
    group by store_key, business_on, line_type
),

spans as (
    select
        store_key,
        min(business_on) as first_on
    from store_days
    group by store_key
),

-- A day without rows is a day, too.
tables as (
    select distinct
        store_key,
        table_name
    from counted
),

daily as (
    select
        tables.store_key,
        tables.table_name,
        calendar.date_on as business_on,
        calendar.iso_weekday,
        special_days.date_on is null as is_ordinary,
        coalesce(counted.row_count, 0) as row_count,
        counted.amount
    from tables
    inner join spans on tables.store_key = spans.store_key
    cross join limits
    inner join calendar
        on
            spans.first_on <= calendar.date_on
            and limits.first_on <= calendar.date_on
            and limits.last_on >= calendar.date_on
    left join special_days on calendar.date_on = special_days.date_on
    left join counted
        on
            tables.store_key = counted.store_key
            and tables.table_name = counted.table_name
            and calendar.date_on = counted.business_on
),

-- The root of a count (and 3/8, after Anscombe) deviates alike whatever the count, the logarithm of
-- a mean whatever the mean.
levels as (
    select
        'row_count' as rule_code,
        store_key,
        table_name,
        business_on,
        iso_weekday,
        is_ordinary,
        row_count,
        cast(row_count as {{ double_type() }}) as observed_value,
        2 * sqrt(cast(row_count as {{ double_type() }}) + 0.375) as measure
    from daily

    union all

    select
        'amount_mean' as rule_code,
        store_key,
        table_name,
        business_on,
        iso_weekday,
        is_ordinary,
        row_count,
        cast(amount as {{ double_type() }}) / cast(row_count as {{ double_type() }})
            as observed_value,
        ln(cast(amount as {{ double_type() }}) / cast(row_count as {{ double_type() }})) as measure
    from daily
    where amount > 0 and row_count > 0
),

numbered as (
    select
        *,
        sum(case when is_ordinary then 1 else 0 end) over (
            partition by rule_code, store_key, table_name, iso_weekday
            order by business_on
            rows between unbounded preceding and current row
        ) as weekday_number
    from levels
),

usual as (
    select
        today.rule_code,
        today.store_key,
        today.table_name,
        today.business_on,
        today.is_ordinary,
        today.row_count,
        today.observed_value,
        today.measure,
        cast({{ median('past.measure') }} as {{ double_type() }}) as usual_measure
    from numbered as today
    cross join limits
    inner join numbered as past
        on
            today.rule_code = past.rule_code
            and today.store_key = past.store_key
            and today.table_name = past.table_name
            and today.iso_weekday = past.iso_weekday
            and today.business_on > past.business_on
            and today.weekday_number - limits.same_weekdays
            - case when today.is_ordinary then 1 else 0 end
            < past.weekday_number
            and past.is_ordinary
    group by
        today.rule_code, today.store_key, today.table_name, today.business_on,
        today.is_ordinary, today.row_count, today.observed_value, today.measure,
        limits.min_weekdays
    having count(*) >= limits.min_weekdays
),

expected as (
    select
        *,
        case
            when rule_code = 'row_count' then usual_measure * usual_measure / 4 - 0.375
            else exp(usual_measure)
        end as usual_value
    from usual
),

-- On a special day the other stores tell how busy it is; on an ordinary day nobody is asked.
shared as (
    select
        *,
        sum({{ round_half_up('observed_value', 18, 4) }}) over (
            partition by rule_code, table_name, business_on
        ) - {{ round_half_up('observed_value', 18, 4) }} as others_observed,
        sum({{ round_half_up('usual_value', 18, 4) }}) over (
            partition by rule_code, table_name, business_on
        ) - {{ round_half_up('usual_value', 18, 4) }} as others_usual
    from expected
),

scaled as (
    select
        rule_code,
        store_key,
        table_name,
        business_on,
        is_ordinary,
        row_count,
        observed_value,
        measure,
        case
            when is_ordinary or rule_code <> 'row_count' then usual_value
            when others_usual > 0
                then
                    usual_value * cast(others_observed as {{ double_type() }})
                    / cast(others_usual as {{ double_type() }})
            else 0
        end as expected_value
    from shared
),

deviations as (
    select
        scaled.*,
        limits.learning_days,
        limits.usual_deviations,
        case
            when scaled.rule_code = 'row_count' then limits.least_deviation
            else limits.least_log_deviation
        end as least_deviation,
        case
            when scaled.rule_code = 'row_count' then limits.usual_deviation
            else limits.usual_log_deviation
        end as usual_deviation,
        case
            when scaled.rule_code = 'row_count'
                then scaled.measure - 2 * sqrt(scaled.expected_value + 0.375)
            else scaled.measure - ln(scaled.expected_value)
        end as deviation
    from scaled
    cross join limits
    where scaled.rule_code = 'row_count' or scaled.expected_value > 0
),

-- What is usual is learned from ordinary days alone, none counted beyond a few usual deviations.
clipped as (
    select
        *,
        case
            when is_ordinary
                then {{ round_half_up(
                    'least(abs(deviation), usual_deviation * usual_deviations)', 12, 6,
                ) }}
        end as learned_deviation
    from deviations
),

learned as (
    select
        *,
        sum(learned_deviation) over (
            partition by rule_code, store_key, table_name
            order by business_on
            rows between unbounded preceding and 1 preceding
        ) as deviation_sum,
        count(learned_deviation) over (
            partition by rule_code, store_key, table_name
            order by business_on
            rows between unbounded preceding and 1 preceding
        ) as learned_count,
        -- The rhythm of a table: rows a day, learned from the ordinary days before.
        sum(case when is_ordinary then row_count else 0 end) over (
            partition by rule_code, store_key, table_name
            order by business_on
            rows between unbounded preceding and 1 preceding
        ) as ordinary_row_count,
        sum(case when is_ordinary then 1 else 0 end) over (
            partition by rule_code, store_key, table_name
            order by business_on
            rows between unbounded preceding and 1 preceding
        ) as ordinary_count,
        sum(case when row_count > 0 then 1 else 0 end) over (
            partition by rule_code, store_key, table_name
            order by business_on
            rows between unbounded preceding and current row
        ) as arrival_number
    from clipped
),

level_rows as (
    select
        rule_code,
        store_key,
        table_name,
        cast(null as {{ dbt.type_string() }}) as column_name,
        business_on,
        is_ordinary,
        observed_value,
        expected_value,
        case when rule_code = 'row_count' then expected_value else row_count end as weight,
        -- A normal deviation is the mean distance times the root of half pi.
        deviation / greatest(
            cast(deviation_sum as {{ double_type() }})
            / cast(learned_count as {{ double_type() }}) * 1.2533,
            least_deviation
        ) as strength,
        abs(observed_value - expected_value) / nullif(expected_value, 0) as change_value
    from learned
    where learned_count >= learning_days
),

rhythms as (
    select
        *,
        cast(ordinary_row_count as {{ double_type() }})
        / cast(ordinary_count as {{ double_type() }}) as rows_a_day
    from learned
    where rule_code = 'row_count' and learned_count >= learning_days
),

-- Rows that should have come since the last one; a special day counts as the other stores have it.
silences as (
    select
        'silent' as rule_code,
        store_key,
        table_name,
        cast(null as {{ dbt.type_string() }}) as column_name,
        business_on,
        is_ordinary,
        cast(0 as {{ double_type() }}) as observed_value,
        cast(
            sum({{ round_half_up(
                'case when is_ordinary then rows_a_day else least(expected_value, rows_a_day) end',
                18, 4,
            ) }}) over (
                partition by store_key, table_name, arrival_number
                order by business_on
                rows between unbounded preceding and current row
            ) as {{ double_type() }}
        ) as expected_value,
        row_count,
        arrival_number
    from rhythms
    where row_count = 0
),

silent_rows as (
    select
        rule_code,
        store_key,
        table_name,
        column_name,
        business_on,
        is_ordinary,
        observed_value,
        expected_value,
        expected_value as weight,
        expected_value as strength,
        cast(1 as {{ double_type() }}) as change_value
    from silences
),

-- Shares of a day against the share of all days before.
shares as (
    select
        'kept_out_share' as rule_code,
        store_id as store_key,
        source_system || '.' || table_name as table_name,
        cast(null as {{ dbt.type_string() }}) as column_name,
        business_on,
        row_count,
        rows_quarantined as marked_count
    from day_checks

    union all

    select
        'null_share' as rule_code,
        store_key,
        case when line_type = 'labour' then 'dms.labour_lines' else 'dms.part_lines' end
            as table_name,
        'service_item_code' as column_name,
        business_on,
        sum(line_count) as row_count,
        sum(case when service_line is null then line_count else 0 end) as marked_count
    from day_lines
    group by store_key, line_type, business_on
),

shares_before as (
    select
        shares.*,
        sum(shares.row_count) over (
            partition by shares.rule_code, shares.store_key, shares.table_name
            order by shares.business_on
            rows between unbounded preceding and 1 preceding
        ) as rows_before,
        sum(shares.marked_count) over (
            partition by shares.rule_code, shares.store_key, shares.table_name
            order by shares.business_on
            rows between unbounded preceding and 1 preceding
        ) as marked_before,
        count(*) over (
            partition by shares.rule_code, shares.store_key, shares.table_name
            order by shares.business_on
            rows between unbounded preceding and 1 preceding
        ) as days_before,
        limits.learning_days
    from shares
    cross join limits
    where shares.business_on >= limits.first_on and shares.business_on <= limits.last_on
),

share_levels as (
    select
        *,
        cast(marked_count as {{ double_type() }}) / cast(row_count as {{ double_type() }})
            as observed_value,
        (cast(marked_before as {{ double_type() }}) + 1)
        / (cast(rows_before as {{ double_type() }}) + 2) as expected_value
    from shares_before
    where days_before >= learning_days and row_count > 0
),

share_rows as (
    select
        rule_code,
        store_key,
        table_name,
        column_name,
        business_on,
        true as is_ordinary,
        observed_value,
        expected_value,
        cast(row_count as {{ double_type() }}) as weight,
        (observed_value - expected_value) * row_count
        / sqrt(row_count * expected_value * (1 - expected_value) + 1) as strength,
        observed_value - expected_value as change_value
    from share_levels
    where observed_value >= expected_value
),

-- The mix of codes by week, weeks counted back from the newest day.
coded as (
    select
        store_key,
        business_on,
        case when line_type = 'labour' then 'dms.labour_lines' else 'dms.part_lines' end
            as table_name,
        'pay_type' as column_name,
        coalesce(pay_type, '') as code,
        line_count as row_count
    from day_lines

    union all

    select
        store_key,
        business_on,
        case when line_type = 'labour' then 'dms.labour_lines' else 'dms.part_lines' end
            as table_name,
        'service_line' as column_name,
        coalesce(service_line, '') as code,
        line_count as row_count
    from day_lines

    union all

    select
        store_key,
        business_on,
        'dms.repair_orders' as table_name,
        'channel' as column_name,
        'appointment' as code,
        appointment_order_count as row_count
    from day_orders

    union all

    select
        store_key,
        business_on,
        'dms.repair_orders' as table_name,
        'channel' as column_name,
        'walk_in' as code,
        order_count - appointment_order_count as row_count
    from day_orders
),

weekly as (
    select
        coded.store_key,
        coded.table_name,
        coded.column_name,
        coded.code,
        cast(
            floor({{ days_between('coded.business_on', 'limits.last_on') }} / 7.0)
            as {{ dbt.type_int() }}
        ) as weeks_ago,
        sum(coded.row_count) as row_count
    from coded
    cross join limits
    where coded.business_on >= limits.first_on and coded.business_on <= limits.last_on
    group by
        coded.store_key, coded.table_name, coded.column_name, coded.code,
        cast(
            floor({{ days_between('coded.business_on', 'limits.last_on') }} / 7.0)
            as {{ dbt.type_int() }}
        )
),

week_totals as (
    select
        store_key,
        table_name,
        column_name,
        weeks_ago,
        sum(row_count) as row_count
    from weekly
    group by store_key, table_name, column_name, weeks_ago
),

-- Every code in the week or in the weeks before it.
week_codes as (
    select
        weeks.store_key,
        weeks.table_name,
        weeks.column_name,
        weeks.weeks_ago,
        weeks.row_count as week_count,
        past.code,
        sum(case when past.weeks_ago = weeks.weeks_ago then past.row_count else 0 end)
            as code_count,
        sum(case when past.weeks_ago > weeks.weeks_ago then past.row_count else 0 end)
            as base_code_count
    from week_totals as weeks
    cross join limits
    inner join weekly as past
        on
            weeks.store_key = past.store_key
            and weeks.table_name = past.table_name
            and weeks.column_name = past.column_name
            and weeks.weeks_ago <= past.weeks_ago
            and weeks.weeks_ago + limits.base_weeks >= past.weeks_ago
    where weeks.row_count > 0
    group by
        weeks.store_key, weeks.table_name, weeks.column_name, weeks.weeks_ago, weeks.row_count,
        past.code
),

week_bases as (
    select
        *,
        sum(base_code_count) over (
            partition by store_key, table_name, column_name, weeks_ago
        ) as base_count,
        count(*) over (
            partition by store_key, table_name, column_name, weeks_ago
        ) as kind_count
    from week_codes
),

-- Half a row is added to every code, so that a new one has a share before.
code_shares as (
    select
        *,
        (cast(code_count as {{ double_type() }}) + 0.5)
        / (cast(week_count as {{ double_type() }}) + 0.5 * kind_count) as week_share,
        (cast(base_code_count as {{ double_type() }}) + 0.5)
        / (cast(base_count as {{ double_type() }}) + 0.5 * kind_count) as base_share
    from week_bases
    where base_count > 0
),

week_drifts as (
    select
        store_key,
        table_name,
        column_name,
        weeks_ago,
        week_count,
        sum({{ round_half_up(
            '(week_share - base_share) * ln(week_share / base_share)', 18, 6,
        ) }}) as psi,
        sum({{ round_half_up(
            'week_count * (week_share - base_share) * (week_share - base_share) / (base_share '
            ~ '* (1 + cast(week_count as ' ~ double_type() ~ ') / base_count)) '
            ~ '/ greatest(kind_count - 1, 1)', 18, 6,
        ) }}) as chi_square
    from code_shares
    group by store_key, table_name, column_name, weeks_ago, week_count
),

-- Lines come in orders, so that their mix moves more than chance alone; how much is learned.
drifts_before as (
    select
        week_drifts.*,
        limits.last_on,
        sum(least(week_drifts.chi_square, 2 * limits.usual_deviations)) over (
            partition by week_drifts.store_key, week_drifts.table_name, week_drifts.column_name
            order by week_drifts.weeks_ago desc
            rows between unbounded preceding and 1 preceding
        ) as chi_square_sum,
        count(*) over (
            partition by week_drifts.store_key, week_drifts.table_name, week_drifts.column_name
            order by week_drifts.weeks_ago desc
            rows between unbounded preceding and 1 preceding
        ) as weeks_before,
        limits.base_weeks
    from week_drifts
    cross join limits
),

drift_rows as (
    select
        'code_share' as rule_code,
        store_key,
        table_name,
        column_name,
        {{ add_days('last_on', '-7 * weeks_ago') }} as business_on,
        true as is_ordinary,
        cast(psi as {{ double_type() }}) as observed_value,
        cast(0 as {{ double_type() }}) as expected_value,
        cast(week_count as {{ double_type() }}) as weight,
        cast(chi_square as {{ double_type() }})
        / greatest(
            cast(chi_square_sum as {{ double_type() }})
            / cast(weeks_before as {{ double_type() }}), 1
        ) as strength,
        cast(psi as {{ double_type() }}) as change_value
    from drifts_before
    where weeks_before >= base_weeks
),

judged as (
    {%- for relation in ['level_rows', 'silent_rows', 'share_rows', 'drift_rows'] %}
        select
            rule_code,
            store_key,
            table_name,
            column_name,
            business_on,
            is_ordinary,
            observed_value,
            expected_value,
            weight,
            strength,
            change_value
        from {{ relation }}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

final as (
    select
        {{ key([
            'judged.rule_code', 'judged.store_key', 'judged.table_name',
            "coalesce(judged.column_name, '')", 'judged.business_on',
        ]) }} as normal_key,
        judged.rule_code,
        judged.store_key,
        judged.table_name,
        judged.column_name,
        judged.business_on,
        not judged.is_ordinary as is_special_day,
        {{ round_half_up('judged.observed_value', 18, 4) }} as observed_value,
        {{ round_half_up('judged.expected_value', 18, 4) }} as expected_value,
        {{ round_half_up('judged.strength', 18, 4) }} as strength,
        case when judged.is_ordinary then rules.strength_limit else rules.special_strength_limit end
            as strength_limit,
        abs({{ round_half_up('judged.strength', 18, 4) }}) >= case
            when judged.is_ordinary then rules.strength_limit else rules.special_strength_limit
        end
        and {{ round_half_up('judged.change_value', 18, 4) }} >= rules.min_change as is_alarm
    from judged
    inner join rules
        on judged.rule_code = rules.rule_code and judged.weight >= rules.min_expected
)

select * from final
