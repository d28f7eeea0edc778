-- What happened, read straight from landed records and written apart from the models: one relation
-- for each kind of event, with its store, its local day and the attributes people ask by.
-- The macro `here` turns a UTC timestamp into the store's wall clock by DuckDB's own time zones.
create macro here(moment, zone) as (moment at time zone 'UTC') at time zone zone;

create macro minutes(from_at, to_at) as
    if(to_at < from_at, null, round((epoch(to_at) - epoch(from_at)) / 60, 2));

-- ---------------------------------------------------------------------------------- repair orders
create table all_orders as
select
    orders.store_id as store_key,
    orders.repair_order_no,
    orders.store_id || ':' || orders.repair_order_no as repair_order_key,
    orders.vehicle_id,
    orders.advisor_id as advisor_key,
    orders.channel,
    orders.order_type,
    orders.fault_system,
    orders.pay_type,
    orders.entry_channel,
    if(orders.status = 'closed' and orders.closed_at is null, 'open', orders.status)
        as order_status,
    orders.package_code is not null as has_package,
    people.person_id,
    cast(here(orders.opened_at, stores.time_zone) as date) as business_on,
    cast(here(orders.closed_at, stores.time_zone) as date) as closed_on,
    orders.arrived_at,
    orders.opened_at,
    orders.promised_at,
    orders.closed_at,
    stores.time_zone,
    vehicles.model_name,
    vehicles.energy_type,
    -- A vehicle at a store on a day is one visit, of the customer of its first order.
    orders.status <> 'cancelled' and row_number() over (
        partition by store_key, orders.vehicle_id, business_on, orders.status = 'cancelled'
        order by orders.opened_at, orders.repair_order_no
    ) = 1 as is_first_of_visit
from newest_repair_orders as orders
inner join newest_stores as stores using (store_id)
left join newest_vehicles as vehicles using (vehicle_id)
left join people on people.source_key = 'dms:' || orders.customer_id;

create table customer_facts as
with

first_visits as (
    select
        person_id,
        min(business_on) as first_on,
        count(*) as visits
    from all_orders
    where is_first_of_visit
    group by person_id
),

kinds as (
    select
        people.person_id,
        max(if(records.customer_kind = 'company', 'company', 'person')) as worst_kind,
        bool_or(records.customer_kind = 'company') as is_company
    from newest_customers as records
    inner join people on people.source_key = 'dms:' || records.customer_id
    group by people.person_id
),

phones as (
    select people.person_id, bool_or(known_phone is not null) as is_phone_reachable
    from told_records
    inner join people using (source_key)
    group by people.person_id
),

marketing as (
    select
        people.person_id,
        bool_or(records.is_member) as is_member,
        min(records.acquisition_channel) as acquisition_channel
    from newest_crm_customers as records
    inner join people on people.source_key = 'crm:' || records.crm_customer_id
    group by people.person_id
)

select
    person_id,
    first_visits.first_on,
    if(kinds.is_company, 'company', 'person') as customer_kind,
    coalesce(marketing.is_member, false) as is_member,
    coalesce(phones.is_phone_reachable, false) as is_phone_reachable,
    marketing.acquisition_channel,
    case
        when first_visits.visits >= 4 then 'repeat_3_plus'
        when first_visits.visits >= 2 then 'repeat_1_2'
        when first_visits.visits = 1 then 'first'
    end as visit_class
from (select distinct person_id from people)
left join first_visits using (person_id)
left join kinds using (person_id)
left join marketing using (person_id)
left join phones using (person_id);

-- --------------------------------------------------------------------------------- lines and money
create table lines as
with

billed as (
    select
        store_id,
        repair_order_no,
        'labour' as line_type,
        service_item_code,
        cast(null as varchar) as part_key,
        technician_id as technician_key,
        pay_type as line_pay_type,
        cast(null as varchar) as fill_status,
        hours_sold,
        cast(null as decimal(10, 2)) as pieces,
        coalesce(labour_amount, 0) as listed,
        coalesce(discount_amount, 0) as cut,
        cost_amount as cost
    from newest_labour_lines

    union all

    select
        store_id,
        repair_order_no,
        'part',
        service_item_code,
        part_no,
        null,
        pay_type,
        fill_status,
        null,
        quantity,
        if(fill_status = 'lost', 0, coalesce(part_amount, 0)),
        if(fill_status = 'lost', 0, coalesce(discount_amount, 0)),
        if(fill_status = 'lost', 0, cost_amount)
    from newest_part_lines
)

select
    billed.*,
    orders.repair_order_key,
    orders.store_key,
    orders.business_on,
    items.service_line,
    items.service_item_code as service_item_key,
    items.service_item_name,
    items.fault_system as item_fault_system,
    technicians.skill_level,
    parts.part_name,
    parts.part_category,
    parts.abc_class
from billed
inner join all_orders as orders
    on
        orders.store_key = billed.store_id
        and orders.repair_order_no = billed.repair_order_no
        and orders.order_status <> 'cancelled'
left join newest_service_items as items using (service_item_code)
left join newest_technicians as technicians
    on technicians.technician_id = billed.technician_key
left join newest_parts as parts on parts.part_no = billed.part_key;

create table orders as
select
    all_orders.*,
    customer_facts.* exclude (person_id, first_on),
    if(customer_facts.first_on = all_orders.business_on, 'new', 'returning') as customer_type,
    coalesce(money.listed_labour, 0) as listed_labour,
    coalesce(money.listed_parts, 0) as listed_parts,
    coalesce(money.cut, 0) as cut,
    coalesce(money.cost, 0) as cost,
    coalesce(money.costed, 0) as costed,
    coalesce(money.labour_costed, 0) as labour_costed,
    coalesce(money.hours, 0) as hours,
    coalesce(money.labour_net, 0) as labour_net,
    coalesce(money.labour_cost, 0) as labour_cost
from all_orders
left join customer_facts using (person_id)
left join (
    select
        repair_order_key,
        sum(listed) filter (where line_type = 'labour') as listed_labour,
        sum(listed) filter (where line_type = 'part') as listed_parts,
        sum(cut) as cut,
        sum(cost) as cost,
        sum(listed - cut) filter (where cost is not null) as costed,
        sum(listed - cut) filter (where line_type = 'labour' and cost is not null)
            as labour_costed,
        sum(hours_sold) as hours,
        sum(listed - cut) filter (where line_type = 'labour') as labour_net,
        sum(cost) filter (where line_type = 'labour') as labour_cost
    from lines
    group by repair_order_key
) as money using (repair_order_key);

-- --------------------------------------------------------------------------------- stages of orders
create table stages as
with

events as (
    select
        store_id,
        repair_order_no,
        min(event_at) filter (where status = 'arrived') as arrived_at,
        min(event_at) filter (where status = 'opened') as opened_at,
        min(event_at) filter (where status = 'bay_entered') as bay_at,
        max(event_at) filter (where status = 'work_finished') as finished_at,
        max(event_at) filter (where status = 'qc_passed') as checked_at,
        count(*) filter (where status = 'qc_passed') as passes,
        count(*) filter (where status = 'qc_failed') as failures,
        max(event_at) filter (where status = 'delivered') as delivered_at
    from newest_status_events
    group by all
),

-- One up for a start and one down for an end: between nought and one, and nought at last, all are paired.
steps as (
    select
        store_id,
        repair_order_no,
        status[:1] = 'p' as is_parts,
        event_at,
        if(ends_with(status, '_started'), 1, -1) as step,
        sum(step) over (
            partition by store_id, repair_order_no, is_parts
            order by event_at, step desc, event_id
            rows between unbounded preceding and current row
        ) as depth
    from newest_status_events
    where starts_with(status, 'parts_wait') or starts_with(status, 'approval_wait')
),

-- The sum of the waits is the sum of the ends less the sum of the starts.
waits as (
    select
        store_id,
        repair_order_no,
        count(*) filter (where is_parts) as parts_steps,
        count(*) filter (where not is_parts) as approval_steps,
        sum(-step * epoch(event_at)) filter (where is_parts) as parts_seconds,
        sum(-step * epoch(event_at)) filter (where not is_parts) as approval_seconds,
        coalesce(
            min(depth) filter (where is_parts) = 0 and max(depth) filter (where is_parts) = 1
            and sum(step) filter (where is_parts) = 0, true
        ) as is_parts_paired,
        coalesce(
            min(depth) filter (where not is_parts) = 0
            and max(depth) filter (where not is_parts) = 1
            and sum(step) filter (where not is_parts) = 0, true
        ) as is_approval_paired
    from steps
    group by all
),

moments as (
    select
        orders.* exclude (arrived_at, opened_at),
        coalesce(events.arrived_at, orders.arrived_at) as arrived_at,
        coalesce(events.opened_at, orders.opened_at) as opened_at,
        events.bay_at,
        events.finished_at,
        events.checked_at,
        coalesce(events.delivered_at, orders.closed_at) as delivered_at,
        coalesce(waits.parts_steps, 0) > 0 as has_parts_wait,
        coalesce(events.passes + events.failures, 0) > 0 as is_checked,
        coalesce(events.passes > 0 and events.failures = 0, false) as is_passed_first,
        case
            when not waits.is_parts_paired then null
            when coalesce(waits.parts_steps, 0) = 0 then if(events.finished_at is null, null, 0)
            else waits.parts_seconds
        end as parts_seconds,
        case
            when not waits.is_approval_paired then null
            when coalesce(waits.approval_steps, 0) = 0 then if(events.finished_at is null, null, 0)
            else waits.approval_seconds
        end as approval_seconds
    from orders
    left join events
        on
            events.store_id = orders.store_key
            and events.repair_order_no = orders.repair_order_no
    left join waits
        on
            waits.store_id = orders.store_key
            and waits.repair_order_no = orders.repair_order_no
    where orders.order_status <> 'cancelled'
)

select
    *,
    minutes(arrived_at, opened_at) as write_up_wait,
    minutes(opened_at, bay_at) as bay_wait,
    round(parts_seconds / 60, 2) as parts_wait,
    round(approval_seconds / 60, 2) as approval_wait,
    minutes(finished_at, checked_at) as quality_check,
    minutes(coalesce(checked_at, finished_at), delivered_at) as delivery_wait,
    epoch(finished_at) - epoch(bay_at) - parts_seconds - approval_seconds as work_seconds,
    if(work_seconds < 0, null, round(work_seconds / 60, 2)) as work_time,
    minutes(arrived_at, delivered_at) as cycle_time,
    write_up_wait + bay_wait + parts_wait + approval_wait + delivery_wait as customer_wait
from moments;

-- ----------------------------------------------------------------------------------------- comebacks
create table first_repairs as
with

eligible as (
    select *
    from orders
    where order_type = 'repair' and order_status = 'closed' and fault_system is not null
),

returns as (
    select
        later.repair_order_key as return_key,
        first.repair_order_key,
        row_number() over (
            partition by later.repair_order_key
            order by first.closed_at desc, first.repair_order_key desc
        ) as nearness
    from orders as later
    inner join eligible as first
        on
            first.vehicle_id = later.vehicle_id
            and first.fault_system = later.fault_system
            and first.closed_at < later.opened_at
            and later.business_on <= first.closed_on + 30
            and first.repair_order_key <> later.repair_order_key
    where later.order_type = 'repair' and later.order_status <> 'cancelled'
),

credited as (
    select
        repair_order_key,
        technician_key,
        skill_level,
        row_number() over (
            partition by repair_order_key order by sum(hours_sold) desc, technician_key asc
        ) as rank
    from lines
    where line_type = 'labour' and technician_key is not null
    group by repair_order_key, technician_key, skill_level
)

select
    eligible.* exclude (business_on, fault_system),
    eligible.closed_on as business_on,
    eligible.fault_system as comeback_fault_system,
    credited.technician_key,
    credited.skill_level,
    (select count(*) from returns
        where nearness = 1 and returns.repair_order_key = eligible.repair_order_key) as returns,
    eligible.closed_on + 30 <= known.as_of_on as is_comeback_mature,
    stages.has_parts_wait
from eligible
cross join known
left join credited on credited.repair_order_key = eligible.repair_order_key and credited.rank = 1
left join stages on stages.repair_order_key = eligible.repair_order_key;

-- -------------------------------------------------------------------------------------- appointments
create table appointments as
select
    booked.store_id as store_key,
    cast(here(booked.due_at, stores.time_zone) as date) as business_on,
    booked.channel as appointment_channel,
    booked.cancelled_at is not null as is_cancelled,
    booked.repair_order_no is not null as has_order,
    cast(here(booked.due_at, stores.time_zone) as date)
    - cast(here(booked.booked_at, stores.time_zone) as date) as lead_days
from newest_appointments as booked
inner join newest_stores as stores using (store_id)
cross join known
where cast(here(booked.due_at, stores.time_zone) as date) <= known.as_of_on;

-- ---------------------------------------------------------------------------------- bays and people
create table spans as
select
    'bay' as owner_kind,
    stays.bay_id as owner_id,
    stays.store_id as store_key,
    stays.occupancy_kind as span_kind,
    here(stays.started_at, stores.time_zone) as from_at,
    here(stays.finished_at, stores.time_zone) as to_at
from newest_bay_occupancy as stays
inner join newest_stores as stores using (store_id)

union all

select
    'technician',
    clocks.technician_id,
    clocks.store_id,
    clocks.clock_kind,
    here(clocks.clocked_on_at, stores.time_zone),
    here(clocks.clocked_off_at, stores.time_zone)
from newest_clock_events as clocks
inner join newest_stores as stores using (store_id);

create table open_days as
select store_key, business_on from orders
union
select store_key, cast(from_at as date) from spans where owner_kind = 'technician' and span_kind = 'shift';

-- Spans cut at midnight: one row for each day they touch.
create table day_spans as
select
    spans.owner_kind,
    spans.owner_id,
    spans.store_key,
    spans.span_kind,
    cast(days.day_at as date) as business_on,
    greatest(spans.from_at, days.day_at) as from_at,
    least(spans.to_at, days.day_at + interval 1 day) as to_at
from spans
cross join lateral (
    select unnest(
        range(date_trunc('day', spans.from_at), spans.to_at, interval 1 day)
    ) as day_at
) as days
where spans.to_at > spans.from_at;

-- Seconds of the union of the spans of one owner and day, by sweeping over their starts and ends.
create table covered as
with

every_span as (
    select *, span_kind as wanted from day_spans
    union all
    select *, 'any' as wanted from day_spans where owner_kind = 'bay'
),

marks as (
    select owner_kind, owner_id, store_key, business_on, wanted, from_at as mark_at, 1 as step
    from every_span
    union all
    select owner_kind, owner_id, store_key, business_on, wanted, to_at as mark_at, -1 as step
    from every_span
),

swept as (
    select
        *,
        sum(step) over sweep as depth,
        lead(mark_at) over (
            partition by owner_kind, owner_id, store_key, business_on, wanted
            order by mark_at, step desc
        ) as next_at
    from marks
    window sweep as (
        partition by owner_kind, owner_id, store_key, business_on, wanted
        order by mark_at, step desc
        rows between unbounded preceding and current row
    )
)

select
    owner_kind,
    owner_id,
    store_key,
    business_on,
    wanted,
    sum(if(depth > 0, epoch(next_at) - epoch(mark_at), 0)) as seconds,
    sum(step * -epoch(mark_at)) as seconds_one_by_one
from swept
group by all;

create table bay_days as
with

usable as (
    select
        bays.bay_id as bay_key,
        bays.bay_type,
        bays.store_id as store_key,
        open_days.business_on,
        (stores.closes_hour - stores.opens_hour) * 60 as available
    from newest_bays as bays
    inner join newest_stores as stores using (store_id)
    inner join open_days
        on
            open_days.store_key = bays.store_id
            and open_days.business_on >= bays.installed_on
            and open_days.business_on <= coalesce(bays.retired_on, date '9999-12-31')
),

used as (
    select
        owner_id as bay_key,
        business_on,
        sum(seconds) filter (where wanted = 'productive') as productive,
        sum(seconds) filter (where wanted = 'any') as standing,
        sum(seconds_one_by_one) filter (where wanted = 'any') as one_by_one
    from covered
    where owner_kind = 'bay'
    group by all
)

select
    coalesce(usable.bay_key, used.bay_key) as bay_key,
    bays.bay_type,
    bays.store_id as store_key,
    coalesce(usable.business_on, used.business_on) as business_on,
    coalesce(usable.available, 0) as available,
    round(coalesce(used.productive, 0) / 60, 2) as productive,
    round((coalesce(used.standing, 0) - coalesce(used.productive, 0)) / 60, 2) as blocked,
    round((coalesce(used.one_by_one, 0) - coalesce(used.standing, 0)) / 60, 2) as overlapping
from usable
full join used on used.bay_key = usable.bay_key and used.business_on = usable.business_on
inner join newest_bays as bays on bays.bay_id = coalesce(usable.bay_key, used.bay_key);

create table technician_days as
with

present as (
    select
        owner_id as technician_key,
        store_key,
        business_on,
        round(sum(seconds) filter (where wanted = 'shift') / 60, 2) as available,
        round(sum(seconds) filter (where wanted = 'job') / 60, 2) as worked
    from covered
    where owner_kind = 'technician'
    group by all
),

forgotten as (
    select
        owner_id as technician_key,
        store_key,
        cast(from_at as date) as business_on,
        count(*) as missing
    from spans
    where owner_kind = 'technician' and to_at is null
    group by all
),

credited as (
    select
        technician_key,
        store_key,
        business_on,
        sum(hours_sold) as hours,
        count(distinct repair_order_key) as orders,
        sum(listed) as listed
    from lines
    where line_type = 'labour' and technician_key is not null
    group by all
)

select
    technician_key,
    technicians.skill_level,
    store_key,
    business_on,
    coalesce(available, 0) as available,
    coalesce(worked, 0) as worked,
    coalesce(missing, 0) as missing,
    coalesce(hours, 0) as hours,
    coalesce(orders, 0) as orders,
    coalesce(listed, 0) as listed
from present
full join forgotten using (technician_key, store_key, business_on)
full join credited using (technician_key, store_key, business_on)
left join newest_technicians as technicians on technicians.technician_id = technician_key;

-- ----------------------------------------------------------------------------- surveys, complaints
create table surveys as
select
    sent.store_id as store_key,
    cast(here(coalesce(sent.responded_at, sent.sent_at), stores.time_zone) as date) as business_on,
    sent.responded_at is not null as is_answered,
    sent.nps_score,
    sent.csi_score,
    sent.satisfaction_score,
    sent.reason_code,
    orders.order_type,
    orders.pay_type,
    orders.channel,
    orders.advisor_key
from newest_surveys as sent
inner join newest_stores as stores using (store_id)
left join orders on orders.store_key = sent.store_id and orders.repair_order_no = sent.repair_order_no;

create table complaints as
select
    complaints.store_id as store_key,
    cast(here(complaints.opened_at, stores.time_zone) as date) as business_on,
    complaints.topic_code,
    complaints.closed_at is null as is_open_complaint
from newest_complaints as complaints
inner join newest_stores as stores using (store_id);

-- ------------------------------------------------------------------------------------ parts, finance
create table issues as
select distinct
    store_key, part_key, cast(date_trunc('month', business_on) as date) as month_on
from lines
where line_type = 'part' and cost > 0;

create table first_seen as
select store_key, part_key, min(day_on) as month_on
from (
    select store_id as store_key, part_no as part_key, stock_on as day_on from newest_stock
    union all
    select store_key, part_key, business_on from lines where line_type = 'part'
)
group by all;

create table stock as
select
    stock.store_id as store_key,
    stock.part_no as part_key,
    stock.stock_on as business_on,
    stock.quantity_on_hand as pieces,
    stock.stock_amount as worth,
    stock.stock_on = least(last_day(stock.stock_on), known.as_of_on) as is_month_end,
    -- Seven months without an issue, or since the part was first seen or asked for where none was
    -- ever issued.
    date_diff('month', coalesce(
        issues.month_on, first_seen.month_on
    ), stock.stock_on) >= 7 as is_obsolete,
    parts.part_name,
    parts.part_category,
    parts.abc_class
from newest_stock as stock
cross join known
left join newest_parts as parts using (part_no)
left join first_seen on first_seen.store_key = stock.store_id and first_seen.part_key = stock.part_no
asof left join issues
    on
        issues.store_key = stock.store_id
        and issues.part_key = stock.part_no
        and issues.month_on <= stock.stock_on;

create table costs as
select
    store_id as store_key,
    cast(cost_month || '-01' as date) as month_start_on,
    cost_centre as cost_centre_code,
    account_code,
    account_code in ('rent', 'wages', 'equipment') as is_fixed,
    amount
from newest_cost_lines;

create table targets as
select
    store_id as store_key,
    cast(target_month || '-01' as date) as business_on,
    metric_code,
    newest_targets.target_basis,
    if(target_unit = 'wan_yuan', target_value * 10000, target_value) as wanted
from newest_targets
cross join known
where metric_code in ('revenue', 'visits') and target_month <= strftime(known.as_of_on, '%Y-%m');

create table month_bases as
select
    store_key,
    business_on as month_on,
    min(target_basis) as target_basis
from targets
group by all;

-- ------------------------------------------------------------------------------------- open orders
create table open_orders as
select
    store_key,
    repair_order_key as open_order_key,
    business_on,
    business_on as opened_on,
    order_type as open_order_type,
    pay_type as open_order_pay_type,
    advisor_key as open_order_advisor_key,
    (
        select count(*) from calendar
        where calendar.day_on > all_orders.business_on and calendar.day_on <= known.as_of_on
            and calendar.is_workday
    ) as open_workday_count
from all_orders
cross join known
where order_status = 'open';
