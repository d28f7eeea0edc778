with months as (
    select
        month_no,
        max(day_no) as last_day,
        strftime(min(date_on), '%Y-%m') as cost_month
    from calendar
    where day_no >= getvariable('start_day')
    group by month_no
),

expected as (
    select store_no, month_no, sum(expected_orders::decimal(18, 6))::double as orders
    from store_day
    group by store_no, month_no
),

accounts as (
    select *
    from (
        values
        -- share of the expected revenue, postings a month
        (1, 'rent', 0.035, 1), (2, 'wages', 0.130, 2), (3, 'overtime', 0.018, 2), (4, 'utilities', 0.009, 1),
        (5, 'marketing', 0.015, 3), (6, 'equipment', 0.012, 1), (7, 'training', 0.005, 1),
        (8, 'consumables', 0.010, 3), (9, 'other', 0.006, 1)
    ) as accounts (account_no, account_code, share, postings)
),

-- Cost centres that are no stores: headquarters for the network, a management for each region.
centres as (
    select *
    from (
        values
        (901, 'hq_it', null), (902, 'hq_brand', null), (903, 'hq_service', null),
        (911, 'region_north', '华北'), (912, 'region_east', '华东'), (913, 'region_south', '华南'),
        (914, 'region_central', '华中'), (915, 'region_southwest', '西南'),
        (916, 'region_northwest', '西北'), (917, 'region_northeast', '东北')
    ) as centres (centre_no, cost_centre, region_name)
),

centre_accounts as (
    select *
    from (
        values
        (901, 2, 'wages', 0.0015, 2), (901, 6, 'equipment', 0.0010, 1), (901, 9, 'other', 0.0005, 1),
        (902, 5, 'marketing', 0.0040, 3), (902, 2, 'wages', 0.0005, 1),
        (903, 2, 'wages', 0.0020, 2), (903, 1, 'rent', 0.0005, 1), (903, 7, 'training', 0.0004, 1),
        (903, 9, 'other', 0.0004, 1),
        (910, 2, 'wages', 0.0020, 2), (910, 5, 'marketing', 0.0008, 1), (910, 9, 'other', 0.0005, 1)
    ) as centre_accounts (centre_kind, account_no, account_code, share, postings)
),

store_revenue as (
    select
        store.store_no,
        store.store_id,
        store.region_name,
        expected.month_no,
        expected.orders * store.ticket_goal as revenue
    from expected
    inner join store on expected.store_no = store.store_no
    where expected.orders > 0
),

centre_revenue as (
    select
        centres.centre_no,
        centres.cost_centre,
        store_revenue.month_no,
        sum(store_revenue.revenue::decimal(18, 2))::double as revenue
    from centres
    inner join store_revenue
        on centres.region_name is null or centres.region_name = store_revenue.region_name
    group by all
),

bearers as (
    select
        store_no as bearer_no, store_id, null::varchar as cost_centre, month_no, revenue,
        account_no, account_code, share, postings
    from store_revenue
    cross join accounts

    union all

    select
        centre_no, null, cost_centre, month_no, revenue,
        account_no, account_code, share, postings
    from centre_revenue
    inner join centre_accounts
        on centre_accounts.centre_kind = case when centre_no > 910 then 910 else centre_no end
),

postings as (
    select
        bearers.*,
        months.cost_month,
        months.last_day,
        posting.range as posting_no,
        (bearers.bearer_no * 100000::bigint + bearers.month_no) * 100
        + bearers.account_no * 10 + posting.range as number
    from bearers
    inner join months on bearers.month_no = months.month_no
    cross join range(0, 3) as posting
    where posting.range < bearers.postings
)

select
    'GL' || number as cost_line_id, store_id, cost_centre, cost_month, account_code,
    yuan(round(
        revenue * share / postings * 100 * (0.92 + 0.16 * unit(seeded('cost', number), 'amount'))
    )) as amount,
    at_utc(last_day * 86400 + 68400 + posting_no * 60) as updated_at,
    number as _sort, 0 as _sort_2, seeded('cost', number) as _k, store_id as _store_id,
    'GL' || number as _key
from postings
where in_window(last_day * 86400 + 68400 + posting_no * 60)
