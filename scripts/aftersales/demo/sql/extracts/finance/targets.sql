with months as (
    select
        month_no,
        min(day_no) as first_day,
        strftime(min(date_on), '%Y-%m') as target_month
    from calendar
    where day_no >= getvariable('start_day')
    group by month_no
),

expected as (
    select store_no, month_no, sum(expected_orders::decimal(18, 6))::double as orders
    from store_day
    group by store_no, month_no
),

metrics as (
    select *
    from (
        values
        (1, 'revenue', null), (2, 'visits', null), (3, 'csi', null), (4, 'nps', null), (5, 'ftfr', null),
        (6, 'bay_utilisation', null), (7, 'average_ticket', null), (8, 'gross_margin', null),
        -- budgets: share of the revenue target
        (11, 'gross_profit', 0.400), (12, 'operating_cost', 0.240),
        (13, 'operating_cost_rent', 0.035), (14, 'operating_cost_wages', 0.130),
        (15, 'operating_cost_overtime', 0.018), (16, 'operating_cost_utilities', 0.009),
        (17, 'operating_cost_marketing', 0.015), (18, 'operating_cost_equipment', 0.012),
        (19, 'operating_cost_training', 0.005), (20, 'operating_cost_consumables', 0.010),
        (21, 'operating_cost_other', 0.006)
    ) as metrics (metric_no, metric_code, share)
)

select
    store.store_id, months.target_month, metrics.metric_code,
    case
        when metrics.share is not null
            then round(expected.orders * 0.98 * store.ticket_goal * 1.03 / 1000) * 1000 * metrics.share
        else case metrics.metric_code
            when 'revenue' then
                round(expected.orders * 0.98 * store.ticket_goal * 1.03 / 1000) * 1000
                / case when store.store_no % 5 = 3 then 10000 else 1 end
            when 'visits' then round(expected.orders * 1.00)
            when 'csi' then case when store.store_no = 7 then 88 else round(store.csi_mean) end
            when 'nps' then 70
            when 'ftfr' then 0.85
            when 'bay_utilisation' then 0.75
            when 'average_ticket' then store.ticket_goal
            else 0.40
        end
    end::decimal(18, 4) as target_value,
    case
        when metrics.share is not null then 'yuan'
        when metrics.metric_code = 'revenue'
            then case when store.store_no % 5 = 3 then 'wan_yuan' else 'yuan' end
        when metrics.metric_code = 'visits' then 'count'
        when metrics.metric_code in ('csi', 'nps') then 'score'
        when metrics.metric_code = 'average_ticket' then 'yuan'
        else 'ratio'
    end as target_unit,
    'full_month' as target_basis,
    at_utc((months.first_day - 6) * 86400 + 54000) as updated_at,
    (store.store_no * 100000 + months.month_no) * 100 + metrics.metric_no as _sort, 0 as _sort_2,
    case
        when metrics.share is null
            then seeded('target', (store.store_no * 100000 + months.month_no) * 10 + metrics.metric_no)
        else seeded('budget', (store.store_no * 100000 + months.month_no) * 100 + metrics.metric_no)
    end as _k,
    store.store_id as _store_id,
    store.store_id || ':' || months.target_month || ':' || metrics.metric_code as _key
from expected
inner join months on expected.month_no = months.month_no
inner join store on expected.store_no = store.store_no
cross join metrics
where expected.orders > 0 and in_window((months.first_day - 6) * 86400 + 54000)
