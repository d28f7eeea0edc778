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
        (1, 'revenue'), (2, 'visits'), (3, 'csi'), (4, 'nps'), (5, 'ftfr'), (6, 'bay_utilisation'),
        (7, 'average_ticket'), (8, 'gross_margin')
    ) as metrics (metric_no, metric_code)
)

select
    store.store_id, months.target_month, metrics.metric_code,
    case metrics.metric_code
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
    end::decimal(18, 4) as target_value,
    case metrics.metric_code
        when 'revenue' then case when store.store_no % 5 = 3 then 'wan_yuan' else 'yuan' end
        when 'visits' then 'count'
        when 'csi' then 'score'
        when 'nps' then 'score'
        when 'average_ticket' then 'yuan'
        else 'ratio'
    end as target_unit,
    'full_month' as target_basis,
    at_utc((months.first_day - 6) * 86400 + 54000) as updated_at,
    (store.store_no * 100000 + months.month_no) * 10 + metrics.metric_no as _sort, 0 as _sort_2,
    seeded('target', (store.store_no * 100000 + months.month_no) * 10 + metrics.metric_no) as _k,
    store.store_id as _store_id,
    store.store_id || ':' || months.target_month || ':' || metrics.metric_code as _key
from expected
inner join months on expected.month_no = months.month_no
inner join store on expected.store_no = store.store_no
cross join metrics
where expected.orders > 0 and in_window((months.first_day - 6) * 86400 + 54000)
