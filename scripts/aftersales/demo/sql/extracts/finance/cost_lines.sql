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

postings as (
    select
        store.store_id,
        store.store_no,
        months.cost_month,
        months.last_day,
        accounts.*,
        posting.range as posting_no,
        (store.store_no * 100000::bigint + months.month_no) * 100 + accounts.account_no * 10 + posting.range
            as number,
        expected.orders * store.ticket_goal as revenue
    from expected
    inner join months on expected.month_no = months.month_no
    inner join store on expected.store_no = store.store_no
    cross join accounts
    cross join range(0, 3) as posting
    where expected.orders > 0 and posting.range < accounts.postings
)

select
    'GL' || number as cost_line_id, store_id, cost_month, account_code,
    yuan(round(
        revenue * share / postings * 100 * (0.92 + 0.16 * unit(seeded('cost', number), 'amount'))
    )) as amount,
    at_utc(last_day * 86400 + 68400 + posting_no * 60) as updated_at,
    number as _sort, 0 as _sort_2, seeded('cost', number) as _k, store_id as _store_id,
    'GL' || number as _key
from postings
where in_window(last_day * 86400 + 68400 + posting_no * 60)
