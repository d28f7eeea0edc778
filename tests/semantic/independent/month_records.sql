-- Staff, targets and the lines of revenue by month, from the relations of records.sql and from
-- `target_parts`: what the metrics with a target are made of, by store and month.
-- A store is known from its opening on, or from the first order of any store if that is later.
create table beginnings as
select store_id as store_key, greatest(opened_on, first_on) as first_on
from newest_stores
cross join (select min(business_on) as first_on from all_orders);

create table known_months as
select distinct beginnings.store_key, month_of(calendar.day_on) as month_on, beginnings.first_on
from beginnings
cross join known
inner join calendar
    on calendar.day_on >= beginnings.first_on and calendar.day_on <= known.as_of_on;

create table store_days as
select
    store_key,
    month_on as business_on,
    least(last_day(month_on), known.as_of_on) - greatest(month_on, first_on) + 1 as days
from known_months
cross join known;

create view advisors as
select *, store_id as store_key, hired_on as business_on from newest_advisors;

create view technicians as
select *, store_id as store_key, hired_on as business_on from newest_technicians;

-- ---------------------------------------------------------------------------------------- staff
create table staff as
select advisor_id as staff_key, 'advisor' as kind, store_id as store_key, hired_on, left_on
from newest_advisors
union all
select technician_id, 'technician', store_id, hired_on, left_on from newest_technicians;

create table staff_months as
with

employed as (
    select
        staff.store_key,
        month_of(calendar.day_on) as month_on,
        count(*) filter (where kind = 'advisor') as advisor_days,
        count(*) filter (where kind = 'technician') as technician_days,
        count(*) filter (where calendar.day_on = staff.hired_on) as hired,
        count(*) filter (where calendar.day_on = staff.left_on) as gone
    from staff
    inner join calendar
        on
            calendar.day_on >= coalesce(staff.hired_on, date '2000-01-01')
            and calendar.day_on <= coalesce(staff.left_on, date '9999-12-31')
    inner join known on calendar.day_on <= known.as_of_on
    group by all
),

made as (
    select
        store_key,
        month_of(business_on) as month_on,
        sum(listed_labour + listed_parts - cut) as revenue,
        count(distinct (vehicle_id, business_on)) filter (where order_status <> 'cancelled')
            as visits
    from orders
    group by all
)

select
    known_months.store_key,
    known_months.month_on as business_on,
    -- Months are kept to four places.
    round(coalesce(advisor_days, 0) / day(last_day(known_months.month_on)), 4) as advisor_months,
    round(coalesce(technician_days, 0) / day(last_day(known_months.month_on)), 4)
        as technician_months,
    coalesce(hired, 0) as hired,
    coalesce(gone, 0) as gone,
    coalesce(revenue, 0) as revenue,
    coalesce(visits, 0) as visits
from known_months
left join employed using (store_key, month_on)
left join made using (store_key, month_on);

-- -------------------------------------------------------------------------------------- targets
create table wanted as
select
    stores.store_id as store_key,
    stores.region_name,
    cast(target_month || '-01' as date) as business_on,
    if(metric_code = 'ftfr', 'first_time_fix_rate', metric_code) as metric_code,
    target_basis as basis,
    if(target_unit = 'wan_yuan', target_value * 10000, target_value) as amount
from newest_targets
inner join newest_stores as stores using (store_id)
cross join known
where
    target_month <= strftime(known.as_of_on, '%Y-%m')
    and target_month >= (select strftime(min(month_on), '%Y-%m') from known_months);

create table aims as
with

by_store as (
    select
        wanted.*,
        if(bottom is null and wanted.metric_code in ('revenue', 'visits'), null,
            coalesce(bottom, 0)) as weight,
        coalesce(top, 0) as reached,
        amount * coalesce(weight, 1) as wanted_amount
    from wanted
    left join target_parts
        on
            target_parts.store_key = wanted.store_key
            and target_parts.month_on = wanted.business_on
            and target_parts.metric_code = wanted.metric_code
    where wanted.metric_code in (select distinct metric_code from target_parts)
),

lengths as (
    select month_of(day_on) as month_on, count(*) as days, count(*) filter (where is_workday) as workdays
    from calendar
    group by all
),

scopes as (
    select 'store' as scope_kind, store_key as scope_key, store_key, * exclude (store_key)
    from by_store
    union all
    select 'region', region_name, null, * exclude (store_key) from by_store
    union all
    select 'network', 'network', null, * exclude (store_key) from by_store
)

select
    metric_code,
    scope_kind,
    scope_key,
    store_key,
    business_on,
    if(min(basis) = max(basis), min(basis), 'mixed') as basis,
    sum(reached) as reached,
    sum(weight) as weight,
    if(min(basis) = max(basis), sum(wanted_amount), null) as target,
    any_value(lengths.days) as days,
    any_value(lengths.workdays) as workdays
from scopes
inner join lengths on lengths.month_on = scopes.business_on
group by metric_code, scope_kind, scope_key, store_key, business_on;

-- Stores and months with a target for the whole month, and what they reached.
create table attained as
select
    wanted.store_key,
    wanted.business_on,
    wanted.amount as target,
    wanted.metric_code,
    coalesce(target_parts.top, 0) as reached
from wanted
left join target_parts
    on
        target_parts.store_key = wanted.store_key
        and target_parts.month_on = wanted.business_on
        and target_parts.metric_code = wanted.metric_code
where wanted.basis = 'full_month' and wanted.metric_code in ('revenue', 'visits');

-- --------------------------------------------------------------------------- lines of revenue
create table branches as
with

told as (
    select
        store_key,
        month_of(business_on) as business_on,
        case service_line
            when 'maintenance' then 'service'
            when 'repair' then 'service'
            when 'beauty_accessories' then 'accessories'
            when 'insurance' then 'insurance'
            when 'parts_sale' then 'parts'
            else 'unassigned'
        end as revenue_line,
        sum(listed - cut) as revenue
    from lines
    group by all
),

parts as (
    select store_key, business_on, metric_code[9:] as revenue_line, basis, amount
    from wanted
    where starts_with(metric_code, 'revenue_')
),

by_store as (
    select
        told.* replace (coalesce(told.revenue, 0) as revenue),
        stores.region_name,
        parts.basis,
        parts.amount as target,
        if(parts.amount is null, null, coalesce(told.revenue, 0)) as with_target
    from told
    full join parts using (store_key, business_on, revenue_line)
    inner join newest_stores as stores on stores.store_id = store_key
),

scopes as (
    select 'store' as scope_kind, store_key as scope_key, store_key, * exclude (store_key)
    from by_store
    union all
    select 'region', region_name, null, * exclude (store_key) from by_store
    union all
    select 'network', 'network', null, * exclude (store_key) from by_store
)

select
    scope_kind,
    scope_key,
    store_key,
    business_on,
    revenue_line,
    sum(revenue) as revenue,
    sum(sum(revenue)) over (partition by scope_kind, scope_key, business_on) as whole,
    if(min(basis) = max(basis), sum(target), null) as target,
    sum(with_target) as with_target
from scopes
group by scope_kind, scope_key, store_key, business_on, revenue_line;

-- ----------------------------------------------------- the last day of a month is its forecast
create table endings as
with

counted as (
    select
        orders.store_key,
        sum(listed_labour + listed_parts - cut) as revenue,
        count(distinct (vehicle_id, business_on)) filter (where order_status <> 'cancelled')
            as visits,
        count(*) filter (where order_status <> 'cancelled') as orders
    from orders
    inner join known on month_of(business_on) = month_of(known.as_of_on)
    group by all
),

by_store as (
    select
        stores.store_id as store_key,
        stores.region_name,
        month_of(known.as_of_on) as business_on,
        metrics.metric_code,
        coalesce(
            case metrics.metric_code
                when 'revenue' then revenue
                when 'visits' then visits
                else counted.orders
            end, 0
        ) as amount,
        wanted.amount as target
    from newest_stores as stores
    cross join known
    cross join (values ('revenue'), ('visits'), ('orders')) as metrics (metric_code)
    left join counted on counted.store_key = stores.store_id
    left join wanted
        on
            wanted.store_key = stores.store_id
            and wanted.metric_code = metrics.metric_code
            and wanted.business_on = month_of(known.as_of_on)
            and wanted.basis = 'full_month'
)

select
    scope_kind, scope_key, store_key, business_on, metric_code, sum(amount) as amount,
    sum(target) as target, sum(amount) filter (where target is not null) as with_target
from (
    select 'store' as scope_kind, store_key as scope_key, store_key, * exclude (store_key)
    from by_store
    union all
    select 'region', region_name, null, * exclude (store_key) from by_store
    union all
    select 'network', 'network', null, * exclude (store_key) from by_store
)
group by all;

-- ------------------------------------------------- peers: stores of like size and like mix of work
create table peers as
with

sizes as (
    select
        all_orders.store_key,
        count(*) filter (where business_on > known.as_of_on - 365) as visits,
        least(known.as_of_on - beginnings.first_on + 1, 365) as days
    from all_orders
    cross join known
    inner join beginnings using (store_key)
    where is_first_of_visit and business_on >= beginnings.first_on
    group by all_orders.store_key, known.as_of_on, beginnings.first_on
),

mixes as (
    select store_key, sum(repairs) / nullif(sum(closed), 0) as repair_share
    from (
        select store_key, business_on, 0 as repairs, 1 as closed
        from orders
        where order_status = 'closed'
        union all
        select store_key, business_on, 1, 0 from first_repairs
    )
    cross join known
    where business_on > known.as_of_on - 365
    group by all
)

select
    store_key,
    case when visits / days < 15 then 'small' when visits / days < 28 then 'medium' else 'large' end
    || case
        when repair_share < 0.3 then ':maintenance'
        when repair_share < 0.45 then ':balanced'
        else ':repair'
    end as peer_group
from sizes
inner join mixes using (store_key);
