-- The statement and what moved its costs, from the relations of records.sql. Declared keys, lines and
-- drivers are data and read from the seeds; how they are used is written here apart from the models.
create macro month_of(day_on) as cast(date_trunc('month', day_on) as date);
-- Half a cent goes up.
create macro to_the_cent(amount) as cast(floor(amount * 100 + 0.5) / 100 as decimal(18, 2));

-- More units at the price of before; without units before there was no price.
create macro volume_of(amount, base, units, base_units) as
    if(
        base_units > 0,
        to_the_cent(cast(units - base_units as double) * base / base_units),
        amount - base
    );

-- Division down to the next whole number; `//` goes towards zero.
create macro whole_of(top, bottom) as (top - (top % bottom + bottom) % bottom) // bottom;

create view line_kinds as select * from lines;

create table store_months as
select
    stores.store_id as store_key,
    stores.region_name,
    months.month_on
from newest_stores as stores
cross join (select distinct month_of(business_on) as month_on from orders) as months;

-- Months that are over and in the ledger.
create table closed_months as
select distinct month_start_on as month_on
from costs
cross join known
where store_key is not null and last_day(month_start_on) <= known.as_of_on;

-- ------------------------------------------------------------------------------------- volumes
create table volumes as
with

by_orders as (
    select
        store_key,
        month_of(business_on) as month_on,
        sum(listed_labour + listed_parts - cut) as revenue,
        count(distinct (vehicle_id, business_on)) as visits,
        count(*) as orders,
        count(distinct (vehicle_id, business_on)) filter (where customer_type = 'new')
            as new_customer_visits,
        sum(hours) as hours_sold
    from orders
    where order_status <> 'cancelled'
    group by all
),

by_technicians as (
    select
        store_key,
        month_of(business_on) as month_on,
        count(*) filter (where available > 0) as technician_days,
        sum(worked) as worked_minutes,
        sum(available) as available_minutes
    from technician_days
    group by all
),

by_bays as (
    select
        store_key,
        month_of(business_on) as month_on,
        count(*) filter (where available > 0) as bay_days
    from bay_days
    group by all
),

by_parts as (
    select
        store_key,
        month_of(business_on) as month_on,
        count(*) as part_lines
    from lines
    where line_type = 'part' and fill_status <> 'lost'
    group by all
),

by_staff as (
    select
        staff.store_id as store_key,
        store_months.month_on,
        count(*) as headcount
    from (
        select store_id, hired_on, left_on from newest_technicians
        union all
        select store_id, hired_on, left_on from newest_advisors
    ) as staff
    inner join newest_stores as stores using (store_id)
    -- Before a store opens nobody works there: whoever is in its books came from elsewhere.
    inner join store_months
        on
            store_months.store_key = staff.store_id
            and stores.opened_on <= last_day(store_months.month_on)
            and staff.hired_on <= last_day(store_months.month_on)
            and coalesce(staff.left_on, date '9999-12-31') > last_day(store_months.month_on)
    group by all
)

select
    store_months.*,
    columns(by_orders.* exclude (store_key, month_on)),
    columns(by_technicians.* exclude (store_key, month_on)),
    by_bays.bay_days,
    by_parts.part_lines,
    by_staff.headcount
from store_months
left join by_orders using (store_key, month_on)
left join by_technicians using (store_key, month_on)
left join by_bays using (store_key, month_on)
left join by_parts using (store_key, month_on)
left join by_staff using (store_key, month_on);

create table volumes_long as
unpivot (select * replace (
    cast(revenue as decimal(18, 2)) as revenue,
    cast(visits as decimal(18, 2)) as visits,
    cast(orders as decimal(18, 2)) as orders,
    cast(new_customer_visits as decimal(18, 2)) as new_customer_visits,
    cast(hours_sold as decimal(18, 2)) as hours_sold,
    cast(technician_days as decimal(18, 2)) as technician_days,
    cast(worked_minutes as decimal(18, 2)) as worked_minutes,
    cast(available_minutes as decimal(18, 2)) as available_minutes,
    cast(bay_days as decimal(18, 2)) as bay_days,
    cast(part_lines as decimal(18, 2)) as part_lines,
    cast(headcount as decimal(18, 2)) as headcount
) from volumes)
on columns(* exclude (store_key, region_name, month_on))
into name driver_code value units;

-- ---------------------------------------------------------------------------------- shared cost
-- In whole cents: a store bears the running total up to it, rounded, less what the stores before it bear.
create table shared as
with

posted as (
    select
        costs.month_start_on as month_on,
        costs.account_code,
        centres.cost_centre_code,
        centres.region_name,
        coalesce(keys.driver_code, centres.default_driver_code) as driver_code,
        cast(sum(costs.amount) * 100 as hugeint) as cents
    from costs
    inner join read_csv(getvariable('seeds') || '/cost_centres.csv') as centres
        on centres.cost_centre_code = costs.cost_centre_code
    left join read_csv(getvariable('seeds') || '/allocation_keys.csv') as keys
        on
            keys.cost_centre_code = costs.cost_centre_code
            and keys.account_code = costs.account_code
    group by all
),

-- Where nobody has units, the stores that are open bear equal parts; where none is open, all do.
bearers as (
    select
        posted.*,
        stores.store_id as store_key,
        cast(coalesce(units, 0) * 100 as hugeint) as used,
        if(stores.opened_on <= last_day(posted.month_on), 1, 0) as is_open,
        sum(used) over whole as all_used,
        sum(is_open) over whole as all_open,
        case when all_used > 0 then used when all_open > 0 then is_open else 1 end as weight
    from posted
    inner join newest_stores as stores
        on posted.region_name is null or stores.region_name = posted.region_name
    left join volumes_long
        on
            volumes_long.store_key = stores.store_id
            and volumes_long.month_on = posted.month_on
            and volumes_long.driver_code = posted.driver_code
    window whole as (partition by posted.month_on, account_code, cost_centre_code)
),

weighed as (
    select
        *,
        sum(weight) over (partition by month_on, account_code, cost_centre_code) as all_weight,
        sum(weight) over (
            partition by month_on, account_code, cost_centre_code order by store_key
        ) as weight_so_far
    from bearers
)

select
    store_key,
    month_on,
    account_code,
    cast(sum(
        whole_of(2 * cents * weight_so_far + all_weight, 2 * all_weight)
        - whole_of(2 * cents * (weight_so_far - weight) + all_weight, 2 * all_weight)
    ) / 100.0 as decimal(18, 2)) as amount
from weighed
group by all;

-- ----------------------------------------------------------------------------------- statement
create table pnl as
with

business as (
    select
        store_key,
        month_of(business_on) as month_on,
        coalesce(service_line, 'unassigned') as member,
        sum(listed - cut) as revenue,
        sum(cost) as cost
    from lines
    group by all
),

parts_of_it as (
    select store_key, month_on, 'revenue_' || member as line_code, revenue as amount from business
    union all
    select store_key, month_on, 'direct_cost_' || member, cost from business
    union all
    select store_key, month_on, 'gross_profit_' || member, revenue - cost from business
    union all
    select store_key, month_on, unnest(['revenue', 'gross_profit', 'contribution', 'operating_profit']),
        revenue
    from business
    union all
    select store_key, month_on, 'direct_cost', cost from business
    union all
    select store_key, month_on, unnest(['gross_profit', 'contribution', 'operating_profit']), -cost
    from business
    union all
    select store_key, month_start_on, 'cost_' || account_code, amount from costs
    where store_key is not null
    union all
    select store_key, month_start_on,
        unnest(['operating_cost', if(is_fixed, 'fixed_cost', 'variable_cost')]), amount
    from costs where store_key is not null
    union all
    select store_key, month_start_on, unnest(['contribution', 'operating_profit']), -amount
    from costs where store_key is not null
    union all
    select store_key, month_on, unnest(['shared_cost', 'shared_' || account_code]), amount from shared
    union all
    select store_key, month_on, 'operating_profit', -amount from shared
),

summed as (
    select store_key, month_on, line_code, sum(amount) as amount
    from parts_of_it
    group by all
),

wanted as (
    select
        store_id as store_key,
        cast(target_month || '-01' as date) as month_on,
        metric_code,
        if(target_unit = 'wan_yuan', target_value * 10000, target_value) as amount
    from newest_targets
    where target_basis = 'full_month'
),

-- A line has a budget where each of its parts has one.
budgets as (
    select store_key, month_on, unnest(['revenue', 'direct_cost']) as line_code, amount
    from wanted where metric_code = 'revenue'
    union all
    select store_key, month_on, unnest(['gross_profit', 'contribution']), amount
    from wanted where metric_code = 'gross_profit'
    union all
    select store_key, month_on, 'direct_cost', -amount from wanted where metric_code = 'gross_profit'
    union all
    select store_key, month_on, 'operating_cost', amount
    from wanted where metric_code = 'operating_cost'
    union all
    select store_key, month_on, 'contribution', -amount
    from wanted where metric_code = 'operating_cost'
    union all
    select store_key, month_on, replace(metric_code, 'operating_', ''), amount
    from wanted where metric_code like 'operating_cost_%'
    union all
    select store_key, month_on,
        if(
            metric_code in ('operating_cost_rent', 'operating_cost_wages', 'operating_cost_equipment'),
            'fixed_cost', 'variable_cost'
        ),
        amount
    from wanted where metric_code like 'operating_cost_%'
),

budget_sums as (
    select store_key, month_on, line_code, sum(amount) as budget
    from budgets
    group by all
    having
        count(*) = case
            when line_code in ('direct_cost', 'contribution') then 2
            when line_code = 'fixed_cost' then 3
            when line_code = 'variable_cost' then 6
            else 1
        end
),

dense as (
    select
        store_months.store_key,
        store_months.month_on as business_on,
        statement_lines.line_code,
        statement_lines.line_order,
        statement_lines.level as line_level,
        statement_lines.parent_line_code,
        statement_lines.line_kind,
        statement_lines.title_zh as line_title_zh,
        statement_lines.title_en as line_title_en,
        closed_months.month_on is not null as is_closed_month,
        coalesce(summed.amount, 0) as amount,
        coalesce(revenues.amount, 0) as revenue,
        budget_sums.budget
    from store_months
    cross join read_csv(getvariable('seeds') || '/pnl_lines.csv') as statement_lines
    left join closed_months using (month_on)
    left join summed
        on
            summed.store_key = store_months.store_key
            and summed.month_on = store_months.month_on
            and summed.line_code = statement_lines.line_code
    left join summed as revenues
        on
            revenues.store_key = store_months.store_key
            and revenues.month_on = store_months.month_on
            and revenues.line_code = 'revenue'
    left join budget_sums
        on
            budget_sums.store_key = store_months.store_key
            and budget_sums.month_on = store_months.month_on
            and budget_sums.line_code = statement_lines.line_code
)

select
    *,
    if(is_closed_month, lag(amount) over line_months, null) as previous,
    if(is_closed_month, lag(amount, 12) over line_months, null) as last_year
from dense
window line_months as (
    partition by store_key, line_code, is_closed_month order by business_on
);

-- -------------------------------------------------------------------------------- cost drivers
create table cost_changes as
with

posted as (
    select store_key, month_on, unnest(['shared_cost']) as cost_code, amount from shared
    union all
    select store_key, month_start_on, account_code, amount from costs where store_key is not null
    union all
    select store_key, month_of(business_on), if(line_type = 'part', 'direct_parts', 'direct_labour'),
        cost
    from lines
),

stores_now as (
    select
        store_months.store_key,
        store_months.region_name,
        store_months.month_on,
        drivers.cost_code,
        coalesce(sum(posted.amount), 0) as amount,
        coalesce(any_value(volumes_long.units), 0) as units
    from store_months
    inner join closed_months using (month_on)
    cross join read_csv(getvariable('seeds') || '/cost_drivers.csv') as drivers
    left join posted using (store_key, month_on, cost_code)
    left join volumes_long
        on
            volumes_long.store_key = store_months.store_key
            and volumes_long.month_on = store_months.month_on
            and volumes_long.driver_code = drivers.driver_code
    group by all
),

pairs as (
    select
        stores_now.*,
        comparisons.comparison,
        before.amount as base,
        before.units as base_units
    from stores_now
    cross join (values ('previous_month', 1), ('last_year', 12)) as comparisons (comparison, back)
    left join stores_now as before
        on
            before.store_key = stores_now.store_key
            and before.cost_code = stores_now.cost_code
            and before.month_on
            = cast(stores_now.month_on - to_months(cast(comparisons.back as integer)) as date)
),

-- What the units of now would have cost at the price of before.
priced as (
    select
        *,
        amount - base - volume_of(amount, base, units, base_units) as price
    from pairs
),

scopes as (
    select 'store' as scope_kind, store_key as scope_key, * from priced
    union all
    select 'region', region_name, null, region_name, month_on, cost_code, sum(amount), sum(units),
        comparison, sum(base), sum(base_units), sum(price)
    from priced
    group by all
    union all
    select 'network', 'network', null, null, month_on, cost_code, sum(amount), sum(units),
        comparison, sum(base), sum(base_units), sum(price)
    from priced
    group by all
)

select
    scopes.* exclude (region_name, month_on),
    scopes.month_on as business_on,
    volume_of(scopes.amount, scopes.base, scopes.units, scopes.base_units) as volume,
    sum(scopes.amount) over whole as total,
    row_number() over (
        partition by scope_kind, scope_key, month_on, comparison
        order by scopes.amount desc, cost_code
    ) as cost_rank,
    cost_rank <= 5 as is_top_driver,
    drivers.driver_code,
    drivers.title_zh as cost_title_zh,
    drivers.title_en as cost_title_en,
    drivers.driver_title_zh,
    drivers.driver_title_en
from scopes
inner join read_csv(getvariable('seeds') || '/cost_drivers.csv') as drivers using (cost_code)
window whole as (partition by scope_kind, scope_key, month_on, comparison);

-- --------------------------------------------------------------------------------- hidden cost
create table comeback_orders as
with

matched as (
    select
        later.repair_order_key,
        first.closed_at,
        first.repair_order_key as first_key
    from orders as later
    inner join orders as first
        on
            first.vehicle_id = later.vehicle_id
            and first.fault_system = later.fault_system
            and first.order_type = 'repair'
            and first.order_status = 'closed'
            and first.repair_order_key <> later.repair_order_key
            and first.closed_at < later.opened_at
            and later.business_on <= first.closed_on + 30
    where later.order_type = 'repair' and later.order_status <> 'cancelled'
)

select distinct repair_order_key from matched;

create table hidden as
with

reworked as (
    select
        store_key,
        month_of(business_on) as month_on,
        count(*) as returned,
        sum(cost) as return_cost,
        sum(listed_labour + listed_parts - cut) as return_revenue
    from orders
    where repair_order_key in (select repair_order_key from comeback_orders)
    group by all
),

given as (
    select
        lines.store_key,
        month_of(lines.business_on) as month_on,
        sum(lines.cost) as goodwill
    from lines
    inner join orders using (repair_order_key)
    where
        lines.line_pay_type = 'internal'
        and orders.order_type not in ('pdi', 'recall')
        and repair_order_key not in (select repair_order_key from comeback_orders)
    group by all
),

paid as (
    select store_key, month_start_on as month_on, sum(amount) as wages
    from costs
    where account_code = 'wages' and store_key is not null
    group by all
),

earned as (
    select store_key, month_of(business_on) as month_on, sum(listed - cut - cost) as gross
    from lines
    group by all
)

select
    store_months.store_key,
    store_months.month_on as business_on,
    coalesce(returned, 0) as returned,
    coalesce(return_cost, 0) as return_cost,
    coalesce(return_revenue, 0) as return_revenue,
    coalesce(goodwill, 0) as goodwill,
    gross,
    available_minutes as present,
    available_minutes - worked_minutes as idle,
    wages,
    to_the_cent(cast(wages as double) * (available_minutes - worked_minutes) / available_minutes)
        as idle_cost
from store_months
left join volumes using (store_key, month_on)
left join reworked using (store_key, month_on)
left join given using (store_key, month_on)
left join paid using (store_key, month_on)
left join earned using (store_key, month_on);
