-- A warehouse of four stores in two regions, sixty days and constants that are easy to check:
-- every amount is a multiple of getvariable('factor'), so that two versions can be told apart.

create schema marts;

create schema quality;

create schema landing;

create table landing.run_context as
select
    cast('2025-03-01' as date) as as_of_on,
    'v' || getvariable('factor') as version_id;

create table marts.dim_store as
select
    format('S{:03d}', store_number) as store_key,
    format('S{:03d}', store_number) as store_id,
    ['海淀店', '朝阳店', '浦东店', '徐汇店'][store_number] as store_name,
    if(store_number <= 2, '华北', '华东') as region_name,
    if(store_number <= 2, '北京', '上海') as city_name,
    '示例品牌' as brand_name,
    ['A', 'B', 'C', 'D'][store_number] as store_class,
    date '2020-01-01' as opened_on,
    store_number = 3 as is_new_store,
    'Asia/Shanghai' as time_zone,
    cast(10 as decimal(4, 2)) as opening_hours_per_day,
    2 as bay_count
from range(1, 5) as stores (store_number);

create table marts.dim_date as
select
    cast(day_at as date) as date_on,
    year(day_at) as year_number,
    quarter(day_at) as quarter_number,
    month(day_at) as month_number,
    strftime(day_at, '%Y-%m') as year_month,
    isoyear(day_at) as iso_year,
    week(day_at) as iso_week,
    cast(date_trunc('week', day_at) as date) as week_start_on,
    cast(date_trunc('month', day_at) as date) as month_start_on,
    isodow(day_at) as iso_weekday,
    isodow(day_at) >= 6 as is_weekend,
    false as is_holiday,
    cast(null as varchar) as holiday_name,
    false as is_adjusted_workday,
    isodow(day_at) < 6 as is_workday,
    day(last_day(day_at)) as days_in_month,
    20 as workdays_in_month,
    day(day_at) as workday_of_month,
    day_at + interval 30 day <= timestamp '2025-03-01' as is_comeback_mature,
    day_at = last_day(day_at) or day_at = date '2025-03-01' as is_month_end_known
from range(timestamp '2025-01-01', timestamp '2025-04-01', interval 1 day) as days (day_at);

create table marts.dim_customer as
select
    format('K{}', customer_number) as customer_key,
    format('客户{}', customer_number) as customer_name,
    format('1380000{:04d}', customer_number) as phone,
    if(customer_number % 5 = 0, 'company', 'person') as customer_kind,
    customer_number % 2 = 0 as is_member,
    ['walk_in', 'referral', 'online', 'campaign'][1 + customer_number % 4] as acquisition_channel,
    true as is_phone_reachable,
    1 as source_record_count,
    date '2025-01-01' + cast(customer_number % 60 as integer) as first_visit_on,
    date '2025-03-01' as last_visit_on,
    3 as visit_count,
    'repeat_1_2' as visit_class
from range(0, 100) as customers (customer_number);

create table marts.bridge_customer_sources as
select
    'dms:' || customer_key as source_customer_key,
    customer_key,
    'dms' as system_name,
    customer_key as source_customer_id,
    'own_record' as match_rule,
    'own_record' as match_evidence,
    cast(1 as decimal(4, 3)) as match_confidence
from marts.dim_customer;

create table marts.dim_vehicle as
select
    replace(customer_key, 'K', 'V') as vehicle_key,
    'LSVAA' || replace(customer_key, 'K', '00000000000') as vin,
    '京A' || replace(customer_key, 'K', '0000') as plate_no,
    if(row_number() over (order by customer_key) % 2 = 0, '轿车', '越野') as model_name,
    'ice' as energy_type,
    date '2022-01-01' as sold_on,
    'dms:' || customer_key as source_customer_key,
    true as is_vin_valid
from marts.dim_customer;

create table marts.dim_technician as
select
    store_key || '-T' || staff_number as technician_key,
    store_key || '-T' || staff_number as technician_id,
    store_key,
    '技师' || store_key || staff_number as technician_name,
    if(staff_number = 1, 'expert', 'novice') as skill_level,
    date '2021-01-01' as hired_on,
    cast(null as date) as left_on
from marts.dim_store cross join range(1, 3) as staff (staff_number);

create table marts.dim_advisor as
select
    store_key || '-A' || staff_number as advisor_key,
    store_key || '-A' || staff_number as advisor_id,
    store_key,
    '顾问' || store_key || staff_number as advisor_name,
    date '2021-01-01' as hired_on,
    cast(null as date) as left_on
from marts.dim_store cross join range(1, 3) as staff (staff_number);

create table marts.dim_bay as
select
    store_key || '-B' || bay_number as bay_key,
    store_key || '-B' || bay_number as bay_id,
    store_key,
    if(bay_number = 1, 'mechanical', 'body') as bay_type,
    date '2020-01-01' as installed_on,
    cast(null as date) as retired_on
from marts.dim_store cross join range(1, 3) as bays (bay_number);

create table marts.dim_service_item as
select * from (values
    ('OIL', 'OIL', '机油保养', 'maintenance', null, cast(1.0 as decimal(8, 2))),
    ('BRK', 'BRK', '刹车片更换', 'repair', 'brake', cast(2.0 as decimal(8, 2)))
) as items (
    service_item_key, service_item_code, service_item_name, service_line, fault_system,
    standard_hours
);

create table marts.dim_part as
select * from (values
    ('P1', 'P1', '机油滤清器', 'filter', cast(20 as decimal(18, 2)), cast(50 as decimal(18, 2)), 'A'),
    ('P2', 'P2', '刹车片', 'brake', cast(90 as decimal(18, 2)), cast(200 as decimal(18, 2)), 'B')
) as parts (
    part_key, part_no, part_name, part_category, unit_cost_amount, list_price_amount, abc_class
);

-- Five orders a store and day; the fifth is cancelled, the first two are repairs.;

create table marts.fct_repair_orders as
with orders as (
    select
        store_key,
        cast(day_at as date) as business_on,
        order_number,
        cast((epoch(day_at) / 86400 + order_number * 17 + hash(store_key) % 7) % 100 as integer)
            as customer_number
    from marts.dim_store
    cross join range(timestamp '2025-01-01', timestamp '2025-03-02', interval 1 day) as days (day_at)
    cross join range(1, 6) as orders (order_number)
)

select
    format('{}:{}-{}', store_key, business_on, order_number) as repair_order_key,
    format('{}-{}', business_on, order_number) as repair_order_no,
    store_key,
    'V' || customer_number as vehicle_key,
    'dms:K' || customer_number as source_customer_key,
    store_key || '-A' || (1 + order_number % 2) as advisor_key,
    cast(null as varchar) as appointment_key,
    business_on,
    format('{}:V{}:{}', store_key, customer_number, business_on) as visit_key,
    cast(business_on as timestamp) + interval 1 hour as arrived_at,
    cast(business_on as timestamp) + interval 70 minute as opened_at,
    cast(business_on as timestamp) + interval 5 hour as promised_at,
    if(order_number = 4, null, cast(business_on as timestamp) + interval 4 hour) as closed_at,
    if(order_number >= 4, null, business_on) as closed_on,
    if(order_number % 2 = 0, 'appointment', 'walk_in') as channel,
    if(order_number <= 2, 'repair', 'maintenance') as order_type,
    if(order_number <= 2, 'brake', null) as fault_system,
    if(order_number = 1, 'warranty', 'customer') as pay_type,
    if(order_number = 3, 'PKG', null) as package_code,
    case order_number when 4 then 'open' when 5 then 'cancelled' else 'closed' end as status,
    'counter' as entry_channel,
    order_number = 5 as is_cancelled,
    order_number <= 3 as is_closed,
    order_number = 3 as has_package,
    order_number in (3, 4) as is_package_eligible,
    if(order_number <= 3, order_number <= 2, null) as is_delivered_on_time,
    10000 + order_number as odometer_km,
    cast(if(order_number = 5, 0, 2) as decimal(12, 2)) as hours_sold,
    cast(if(order_number = 5, 0, 300 * getvariable('factor')) as decimal(18, 2)) as labour_amount,
    cast(if(order_number = 5, 0, 200 * getvariable('factor')) as decimal(18, 2)) as part_amount,
    cast(if(order_number = 5, 0, 100 * getvariable('factor')) as decimal(18, 2)) as discount_amount,
    cast(if(order_number = 5, 0, 400 * getvariable('factor')) as decimal(18, 2)) as revenue_amount,
    cast(if(order_number = 5, 0, 250 * getvariable('factor')) as decimal(18, 2)) as cost_amount,
    cast(if(order_number = 5, 0, 150 * getvariable('factor')) as decimal(18, 2))
        as gross_profit_amount,
    cast(if(order_number = 5, 0, 200 * getvariable('factor')) as decimal(18, 2))
        as labour_revenue_amount,
    cast(if(order_number = 5, 0, 150 * getvariable('factor')) as decimal(18, 2))
        as labour_cost_amount,
    cast(if(order_number = 5, 0, 400 * getvariable('factor')) as decimal(18, 2))
        as header_total_amount,
    if(order_number = 5, 0, 2) as line_count
from orders;

create table marts.fct_repair_order_lines as
select
    repair_order_key || ':' || line_type as line_key,
    repair_order_key,
    store_key,
    business_on,
    line_type,
    if(order_type = 'repair', 'BRK', 'OIL') as service_item_key,
    order_type as service_line,
    if(line_type = 'part', if(order_type = 'repair', 'P2', 'P1'), null) as part_key,
    if(line_type = 'labour', store_key || '-T1', null) as technician_key,
    pay_type,
    if(line_type = 'labour', hours_sold, 0) as hours_sold,
    cast(if(line_type = 'part', 1, 0) as decimal(10, 2)) as quantity,
    if(line_type = 'labour', labour_amount, part_amount) as list_amount,
    if(line_type = 'labour', discount_amount, 0) as discount_amount,
    if(line_type = 'labour', labour_amount - discount_amount, part_amount) as revenue_amount,
    if(line_type = 'labour', 150 * getvariable('factor'), 100 * getvariable('factor'))
        as cost_amount,
    if(line_type = 'labour', labour_amount - discount_amount, part_amount)
    - if(line_type = 'labour', 150 * getvariable('factor'), 100 * getvariable('factor'))
        as gross_profit_amount,
    if(line_type = 'part', 'shelf', null) as fill_status
from marts.fct_repair_orders
cross join (values ('labour'), ('part')) as kinds (line_type)
where not is_cancelled;

create table marts.fct_order_stages as
select
    repair_order_key,
    store_key,
    business_on,
    arrived_at,
    opened_at as bay_entered_at,
    closed_at as work_finished_at,
    closed_at as delivered_at,
    cast(if(is_closed, 10, null) as decimal(12, 2)) as write_up_wait_minutes,
    cast(if(is_closed, 20, null) as decimal(12, 2)) as bay_wait_minutes,
    cast(if(is_closed, 0, null) as decimal(12, 2)) as parts_wait_minutes,
    cast(if(is_closed, 5, null) as decimal(12, 2)) as approval_wait_minutes,
    cast(if(is_closed, 60, null) as decimal(12, 2)) as work_minutes,
    cast(if(is_closed, 10, null) as decimal(12, 2)) as qc_minutes,
    cast(if(is_closed, 15, null) as decimal(12, 2)) as delivery_wait_minutes,
    cast(if(is_closed, 50, null) as decimal(12, 2)) as customer_wait_minutes,
    cast(if(is_closed, 180, null) as decimal(12, 2)) as cycle_minutes,
    is_closed as is_quality_checked,
    is_closed and order_type = 'maintenance' as is_quality_passed_first,
    is_closed as is_complete
from marts.fct_repair_orders;

create table marts.fct_comebacks as
select
    repair_order_key,
    store_key,
    vehicle_key,
    fault_system,
    store_key || '-T1' as technician_key,
    closed_on as business_on,
    closed_at,
    if(day(closed_on) = 5, 1, 0) as comeback_count,
    day(closed_on) = 5 as has_comeback,
    cast(null as varchar) as first_comeback_repair_order_key,
    if(day(closed_on) = 5, 7, null) as days_to_comeback,
    day(closed_on) = 6 as has_parts_wait,
    day(closed_on) not in (5, 6) as is_fixed_first_visit_strict
from marts.fct_repair_orders
where is_closed and order_type = 'repair';

create table marts.fct_appointments as
select
    repair_order_key || ':appointment' as appointment_key,
    store_key,
    vehicle_key,
    source_customer_key,
    business_on,
    'app' as channel,
    opened_at - interval 2 day as booked_at,
    opened_at as due_at,
    cast(null as timestamp) as cancelled_at,
    order_type = 'maintenance' as is_cancelled,
    order_type = 'repair' as has_shown,
    repair_order_key,
    2 as lead_days
from marts.fct_repair_orders
where channel = 'appointment';

create table marts.fct_bay_hours as
select
    bay_key,
    store_key,
    cast(day_at as date) as business_on,
    cast(600 as decimal(12, 2)) as available_minutes,
    cast(450 as decimal(12, 2)) as productive_minutes,
    cast(30 as decimal(12, 2)) as blocked_minutes,
    4 as interval_count,
    cast(0 as decimal(12, 2)) as overlapping_minutes
from marts.dim_bay
cross join range(timestamp '2025-01-01', timestamp '2025-03-02', interval 1 day) as days (day_at);

create table marts.fct_technician_hours as
select
    technician_key,
    store_key,
    cast(day_at as date) as business_on,
    cast(480 as decimal(12, 2)) as available_minutes,
    cast(400 as decimal(12, 2)) as worked_minutes,
    0 as missing_clock_off_count,
    cast(if(technician_key like '%T1', 8, 0) as decimal(12, 2)) as hours_sold,
    if(technician_key like '%T1', 4, 0) as order_count,
    cast(if(technician_key like '%T1', 1200 * getvariable('factor'), 0) as decimal(18, 2))
        as labour_amount
from marts.dim_technician
cross join range(timestamp '2025-01-01', timestamp '2025-03-02', interval 1 day) as days (day_at);

create table marts.fct_surveys as
select
    repair_order_key || ':survey' as survey_key,
    store_key,
    repair_order_key,
    source_customer_key,
    business_on,
    closed_at as sent_at,
    closed_at as responded_at,
    order_type = 'repair' as is_responded,
    if(order_type = 'repair', if(pay_type = 'warranty', 10, 5), null) as nps_score,
    order_type = 'repair' and pay_type = 'warranty' as is_promoter,
    false as is_passive,
    order_type = 'repair' and pay_type <> 'warranty' as is_detractor,
    cast(if(order_type = 'repair', 88, null) as decimal(5, 2)) as csi_score,
    if(order_type = 'repair', 9, null) as satisfaction_score,
    if(pay_type <> 'warranty' and order_type = 'repair', 'price', null) as reason_code
from marts.fct_repair_orders
where is_closed;

create table marts.fct_complaints as
select
    repair_order_key || ':complaint' as complaint_key,
    store_key,
    repair_order_key,
    business_on,
    'price' as topic_code,
    opened_at,
    cast(null as timestamp) as closed_at,
    true as is_open
from marts.fct_repair_orders
where is_cancelled;

create table marts.fct_parts_demand as
select
    store_key,
    part_key,
    business_on,
    sum(quantity) as demanded_quantity,
    sum(quantity) as shelf_quantity,
    cast(0 as decimal(12, 2)) as emergency_quantity,
    cast(0 as decimal(12, 2)) as lost_quantity,
    sum(cost_amount) as issued_cost_amount,
    sum(cost_amount) as shelf_issued_cost_amount,
    sum(revenue_amount) as issued_revenue_amount,
    count(*) as demand_line_count,
    count(*) as shelf_line_count,
    0 as emergency_line_count,
    0 as lost_line_count
from marts.fct_repair_order_lines
where line_type = 'part'
group by store_key, part_key, business_on;

create table marts.fct_parts_month as
select
    store_key,
    part_key,
    month_start_on,
    31 as stock_day_count,
    1 as stock_out_day_count,
    cast(10 as decimal(12, 2)) as month_end_quantity,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as month_end_stock_amount,
    cast(500 * getvariable('factor') as decimal(18, 2)) as issued_cost_amount,
    cast(400 * getvariable('factor') as decimal(18, 2)) as shelf_issued_cost_amount,
    cast(800 * getvariable('factor') as decimal(18, 2)) as issued_revenue_amount,
    cast(31000 * getvariable('factor') as decimal(18, 2)) as stock_yuan_days,
    if(part_key = 'P2', 7, 0) as idle_month_count,
    cast(if(part_key = 'P2', 1000 * getvariable('factor'), 0) as decimal(18, 2))
        as obsolete_stock_amount,
    cast(0.12 as decimal(9, 4)) as yearly_holding_ratio
from marts.dim_store
cross join marts.dim_part
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on);

create table marts.fct_cost_lines as
select
    store_key || ':' || month_start_on || ':' || account_code as cost_line_key,
    store_key,
    month_start_on,
    cast(null as varchar) as cost_centre_code,
    account_code,
    account_code = 'rent' as is_fixed,
    cast(10000 * getvariable('factor') as decimal(18, 2)) as amount
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('rent'), ('wages')) as accounts (account_code);

create table marts.fct_store_day as
select
    store_key,
    business_on,
    count(*) filter (where not is_cancelled) as order_count,
    count(*) filter (where is_closed) as closed_order_count,
    count(*) filter (where is_cancelled) as cancelled_order_count,
    count(distinct visit_key) filter (where not is_cancelled) as visit_count,
    count(distinct visit_key) filter (
        where not is_cancelled and first_visit_on = business_on
    ) as new_customer_visit_count,
    sum(labour_amount) as labour_amount,
    sum(part_amount) as part_amount,
    sum(discount_amount) as discount_amount,
    sum(revenue_amount) as revenue_amount,
    sum(cost_amount) as cost_amount,
    sum(gross_profit_amount) as gross_profit_amount,
    sum(hours_sold) as hours_sold,
    count(*) filter (where has_package and is_package_eligible and not is_cancelled)
        as package_order_count,
    count(*) filter (where is_package_eligible and not is_cancelled)
        as package_eligible_order_count,
    count(is_delivered_on_time) as promised_closed_order_count,
    count(*) filter (where is_delivered_on_time) as on_time_order_count,
    count(*) filter (where is_closed and order_type = 'repair') as comeback_eligible_order_count,
    count(*) filter (where is_closed and order_type = 'repair' and day(business_on) = 5)
        as comeback_order_count,
    count(*) filter (where is_closed and order_type = 'repair' and day(business_on) not in (5, 6))
        as strict_fixed_order_count,
    count(*) filter (where is_closed) as survey_sent_count,
    count(*) filter (where is_closed and order_type = 'repair') as survey_response_count,
    count(*) filter (where is_closed and order_type = 'repair') as nps_response_count,
    count(*) filter (where is_closed and order_type = 'repair' and pay_type = 'warranty')
        as promoter_count,
    0 as passive_count,
    count(*) filter (where is_closed and order_type = 'repair' and pay_type <> 'warranty')
        as detractor_count,
    count(*) filter (where is_closed and order_type = 'repair') as csi_response_count,
    cast(88 * count(*) filter (where is_closed and order_type = 'repair') as decimal(18, 2))
        as csi_score_sum,
    count(*) filter (where is_cancelled) as complaint_count,
    2 as bay_day_count,
    cast(1200 as decimal(12, 2)) as bay_available_minutes,
    cast(900 as decimal(12, 2)) as bay_productive_minutes,
    cast(60 as decimal(12, 2)) as bay_blocked_minutes,
    2 as technician_day_count,
    cast(960 as decimal(12, 2)) as technician_available_minutes,
    cast(800 as decimal(12, 2)) as technician_worked_minutes,
    cast(8 as decimal(12, 2)) as technician_hours_sold,
    count(*) filter (where channel = 'appointment' and order_type = 'repair')
        as appointment_due_count,
    count(*) filter (where channel = 'appointment' and order_type = 'repair')
        as appointment_show_count,
    cast(50 * count(*) filter (where is_closed) as decimal(18, 2)) as customer_wait_minutes_sum,
    count(*) filter (where is_closed) as customer_wait_order_count,
    cast(180 * count(*) filter (where is_closed) as decimal(18, 2)) as cycle_minutes_sum,
    count(*) filter (where is_closed) as cycle_order_count,
    count(*) filter (where not is_cancelled) as parts_demand_line_count,
    count(*) filter (where not is_cancelled) as parts_shelf_line_count,
    0 as parts_lost_line_count,
    sum(labour_revenue_amount) as labour_revenue_amount,
    sum(labour_cost_amount) as labour_cost_amount,
    count(*) filter (where channel = 'appointment' and not is_cancelled)
        as appointment_order_count,
    count(*) filter (where entry_channel = 'paper' and not is_cancelled) as paper_order_count,
    count(*) filter (where pay_type = 'customer' and not is_cancelled)
        as customer_paid_order_count,
    sum(if(pay_type = 'customer', revenue_amount, 0)) as customer_paid_revenue_amount,
    count(*) filter (where is_closed) as quality_checked_order_count,
    count(*) filter (where is_closed and order_type = 'maintenance')
        as quality_first_pass_order_count
from marts.fct_repair_orders
left join marts.bridge_customer_sources using (source_customer_key)
left join marts.dim_customer using (customer_key)
group by store_key, business_on;

create table marts.fct_store_month as
select
    * exclude (business_on),
    28 as day_count,
    cast(20000 * getvariable('factor') as decimal(18, 2)) as operating_cost_amount,
    cast(10000 * getvariable('factor') as decimal(18, 2)) as fixed_cost_amount,
    cast(3000 * getvariable('factor') as decimal(18, 2)) as marketing_cost_amount,
    cast(2000 * getvariable('factor') as decimal(18, 2)) as overtime_cost_amount,
    cast(50000 * getvariable('factor') as decimal(18, 2)) as revenue_target_amount,
    cast(150 as decimal(18, 4)) as visit_target_count,
    'full_month' as target_basis
from (
    select
        store_key,
        cast(date_trunc('month', business_on) as date) as month_start_on,
        sum(columns(* exclude (store_key, business_on))),
        any_value(business_on) as business_on
    from marts.fct_store_day
    where business_on < date '2025-03-01'
    group by all
);

-- The classes of the worked example: 48,000 customers, 10 % of them with 58 % of the revenue.;

create table quality.dq_rule_results as
select * from (values
    ('repair_order_number_duplicated', 'PASS', 1000, 0, 0.0, 'gx', 'no duplicate'),
    ('phone_unreachable', 'WARN', 100, 28, 0.28, 'dbt', '28 of 100 phones cannot be called')
) as results (rule_id, status, rows_checked, rows_failed, failed_ratio, engine, message);

create table quality.dq_failing_rows as
select
    'phone_unreachable' as rule_id,
    'S001' as store_id,
    date '2025-01-05' as business_on,
    'stg_dms__customers' as table_name,
    'C1' as row_key,
    '2025-01' as batch_id,
    'customers.parquet' as source_file,
    17 as row_number,
    'phone 12345' as detail;

create table quality.dq_row_accounting as
select
    'dms' as system,
    'customers' as table_name,
    '2025-01' as batch_id,
    100 as rows_landed,
    95 as rows_clean,
    4 as rows_quarantined,
    1 as rows_repaired;

create table quality.dq_verdict as
select 'warn' as verdict;

create table marts.fct_score_items as
select
    'requirement' as rule_set_code,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    date '2025-02-01' as month_start_on,
    'nps' as item_code,
    4 as item_order,
    'satisfaction' as pillar_code,
    'nps' as metric_code,
    true as is_complete,
    false as is_provisional,
    cast(65 as decimal(20, 6)) as item_value,
    cast(70 as decimal(18, 6)) as target_low,
    cast(null as decimal(18, 6)) as target_high,
    cast(5 as decimal(20, 6)) as gap_in_unit,
    cast(7.142857 as decimal(20, 6)) as gap_percent,
    cast(30 as decimal(9, 4)) as weight,
    cast(60 as decimal(9, 4)) as score,
    cast(1800 as decimal(18, 4)) as weighted_score
from marts.dim_store;

create table marts.fct_scores as
select
    rule_set_code,
    'total' as part_code,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    month_start_on,
    is_complete,
    is_provisional,
    true as is_partial,
    cast(100 as decimal(9, 4)) as weight_sum,
    weight as scored_weight_sum,
    weighted_score as weighted_score_sum,
    score as total_score,
    'red' as colour
from marts.fct_score_items;

create table marts.fct_metric_contributions as
select
    'nps' as metric_code,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    date '2025-02-01' as month_start_on,
    'previous' as comparison,
    'order_type' as dimension_code,
    members.member_code,
    members.member_code as member_title_zh,
    members.member_code as member_title_en,
    'member' as denominator_kind,
    true as is_complete,
    false as is_provisional,
    cast(10 as decimal(20, 4)) as base_numerator,
    cast(20 as decimal(20, 4)) as base_denominator,
    cast(12 as decimal(20, 4)) as current_numerator,
    cast(20 as decimal(20, 4)) as current_denominator,
    cast(50 as decimal(20, 6)) as base_rate,
    cast(60 as decimal(20, 6)) as current_rate,
    cast(0.5 as decimal(20, 6)) as base_share,
    cast(0.5 as decimal(20, 6)) as current_share,
    cast(5 as decimal(20, 6)) as contribution,
    cast(5 as decimal(20, 6)) as rate_effect,
    cast(0 as decimal(20, 6)) as mix_effect,
    cast(50 as decimal(20, 6)) as base_total,
    cast(60 as decimal(20, 6)) as current_total,
    members.contribution_rank
from marts.dim_store
cross join (values ('repair', 1), ('maintenance', 2)) as members (member_code, contribution_rank);

create table marts.fct_metric_changes as
select distinct
    metric_code,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    month_start_on,
    comparison,
    dimension_code,
    denominator_kind,
    is_complete,
    is_provisional,
    base_total as base_value,
    current_total as current_value,
    cast(10 as decimal(20, 6)) as change_value,
    cast(0 as decimal(20, 6)) as residual_value,
    2 as member_count,
    2 as risen_count,
    0 as fallen_count,
    false as is_simpson_reversal,
    cast(60 as decimal(20, 6)) as mean_of_members,
    cast(0 as decimal(20, 6)) as mean_of_members_gap,
    false as is_mean_misleading,
    cast(null as varchar) as reason_zh,
    cast(null as varchar) as reason_en
from marts.fct_metric_contributions;

create table marts.fct_metric_tree_contributions as
select
    'revenue' as metric_code,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    'day' as period_kind,
    date '2025-02-03' as period_start_on,
    'previous' as comparison,
    true as is_complete,
    false as is_provisional,
    'product' as branch_code,
    nodes.level_number,
    nodes.node_path,
    nodes.parent_path,
    nodes.factor_code,
    cast(null as varchar) as member_code,
    cast(null as varchar) as member_title_zh,
    cast(null as varchar) as member_title_en,
    nodes.base_value,
    nodes.current_value,
    nodes.contribution
from marts.dim_store
cross join (values
    (0, 'revenue', null, 'revenue',
        cast(6500 as decimal(20, 6)), cast(6720 as decimal(20, 6)), cast(220 as decimal(20, 6))),
    (1, 'revenue/visits', 'revenue', 'visits', 10, 8, -1490),
    (1, 'revenue/average_ticket', 'revenue', 'average_ticket', 650, 840, 1710)
) as nodes (
    level_number, node_path, parent_path, factor_code, base_value, current_value, contribution
);

create table marts.fct_target_attainment as
select
    'visits' as metric_code,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    date '2025-02-01' as month_start_on,
    date '2025-02-28' as covered_to_on,
    true as is_complete,
    false as is_provisional,
    'full_month' as target_basis,
    'ok' as attainment_status,
    1 as store_count,
    1 as target_store_count,
    28 as elapsed_day_count,
    28 as days_in_month,
    20 as elapsed_workday_count,
    20 as workdays_in_month,
    cast(120 * getvariable('factor') as decimal(20, 4)) as actual_amount,
    cast(null as decimal(20, 4)) as weight_amount,
    cast(150 as decimal(20, 4)) as target_amount,
    cast(150 as decimal(20, 4)) as target_to_date_amount,
    cast(120 as decimal(20, 6)) as actual_value,
    cast(150 as decimal(20, 6)) as target_value,
    cast(0.8 as decimal(20, 6)) as attainment_value,
    cast(0.8 as decimal(20, 6)) as attainment_to_date_value,
    cast(4.285714 as decimal(20, 6)) as daily_mean_value
from marts.dim_store;

create table marts.fct_month_forecast as
select
    'visits' as metric_code,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    date '2025-03-01' as month_start_on,
    date '2025-03-01' as cutoff_on,
    1 as elapsed_day_count,
    31 as days_in_month,
    1 as store_count,
    true as has_history,
    cast(4 as decimal(18, 2)) as actual_to_date,
    cast(130 * getvariable('factor') as decimal(18, 2)) as forecast_amount,
    cast(117 as decimal(18, 2)) as low_amount,
    cast(143 as decimal(18, 2)) as high_amount,
    'own' as range_basis,
    cast(0.1 as decimal(12, 6)) as range_ratio,
    12 as range_error_count,
    cast(124 as decimal(18, 2)) as naive_pace_amount,
    'full_month' as target_basis,
    'ok' as target_status,
    cast(150 as decimal(20, 4)) as target_amount,
    cast(130 * getvariable('factor') as decimal(18, 2)) as forecast_with_target_amount,
    cast(124 as decimal(18, 2)) as naive_with_target_amount,
    cast(0.866667 as decimal(20, 6)) as forecast_attainment_value,
    cast(0.826667 as decimal(20, 6)) as naive_attainment_value
from marts.dim_store;

create table marts.fct_forecast_backtest as
select
    metric_code,
    scope_kind,
    scope_key,
    store_key,
    region_name,
    date '2025-02-01' as month_start_on,
    12 as cutoff_day,
    date '2025-02-12' as cutoff_on,
    28 as days_in_month,
    1 as store_count,
    true as has_history,
    cast(48 as decimal(18, 2)) as actual_to_date,
    forecast_amount,
    low_amount,
    high_amount,
    range_basis,
    range_ratio,
    range_error_count,
    naive_pace_amount,
    cast(120 as decimal(18, 2)) as actual_amount,
    cast(10 as decimal(18, 2)) as forecast_error_amount,
    cast(4 as decimal(18, 2)) as naive_error_amount,
    cast(0.083333 as decimal(12, 6)) as forecast_error_ratio,
    cast(0.033333 as decimal(12, 6)) as naive_error_ratio,
    true as is_in_range
from marts.fct_month_forecast;

create table marts.fct_revenue_lines as
select
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    date '2025-02-01' as month_start_on,
    lines.revenue_line,
    lines.revenue_line as revenue_line_zh,
    lines.revenue_line as revenue_line_en,
    cast(lines.revenue * getvariable('factor') as decimal(18, 2)) as revenue_amount,
    cast(lines.revenue * getvariable('factor') / 2 as decimal(18, 2)) as gross_profit_amount,
    cast(100 * getvariable('factor') as decimal(18, 2)) as scope_revenue_amount,
    'no_target' as target_status,
    cast(null as varchar) as target_basis,
    cast(null as decimal(20, 4)) as target_amount,
    cast(null as decimal(18, 2)) as revenue_with_target_amount,
    cast(null as decimal(20, 4)) as parts_target_amount,
    cast(null as decimal(20, 4)) as whole_target_amount,
    cast(null as decimal(20, 6)) as attainment_value
from marts.dim_store
cross join (values ('service', 80), ('accessories', 20)) as lines (revenue_line, revenue);

create table marts.fct_staff_month as
select
    store_key,
    month_start_on,
    last_day(month_start_on) as covered_to_on,
    28 as day_count,
    cast(2 as decimal(12, 4)) as advisor_fte_months,
    cast(5 as decimal(12, 4)) as technician_fte_months,
    2 as advisor_count,
    5 as technician_count,
    1 as hired_count,
    1 as leaver_count,
    0 as advisor_leaver_count,
    1 as technician_leaver_count,
    revenue_amount,
    visit_count
from marts.fct_store_month;

create table marts.fct_store_gap_drivers as
select
    date '2025-02-01' as month_start_on,
    store_key,
    region_name,
    baselines.baseline_kind,
    case baselines.baseline_kind
        when 'region' then region_name when 'store' then 'S00X' else 'network'
    end as baseline_key,
    'package' as decomposition_code,
    'package_penetration' as driver_code,
    'all' as driver_member,
    '套餐渗透率' as driver_title_zh,
    'Package penetration' as driver_title_en,
    true as is_practice,
    cast(100 as decimal(18, 4)) as store_ticket,
    cast(120 as decimal(18, 4)) as baseline_ticket,
    cast(-20 as decimal(18, 4)) as gap_amount,
    cast(0.2 as decimal(18, 6)) as store_value,
    cast(0.4 as decimal(18, 6)) as baseline_value,
    cast(-10 as decimal(18, 4)) as contribution_amount,
    cast(0.5 as decimal(18, 6)) as contribution_share,
    1 as driver_rank,
    1 as practice_rank
from marts.dim_store
cross join (values ('region'), ('network'), ('store')) as baselines (baseline_kind);

create table marts.fct_open_orders as
select
    repair_order_key,
    store_key,
    advisor_key,
    order_type,
    pay_type,
    business_on,
    date '2025-03-01' - business_on as open_workday_count,
    date '2025-03-01' - business_on > 3 as is_late
from marts.fct_repair_orders
where not is_closed and not is_cancelled;

create table marts.fct_customer_value as
select
    format('K{}', customer_number) as customer_key,
    format('S{:03d}', 1 + (customer_number // 10) % 4) as store_key,
    date '2025-03-01' as as_of_on,
    'person' as customer_kind,
    customer_number % 2 = 0 as is_member,
    case
        when customer_number % 10 = 0 then 'high_value'
        when customer_number % 10 <= 4 then 'active'
        when customer_number % 10 <= 6 then 'dormant'
        else 'lost'
    end as value_class,
    if(customer_number % 10 <= 4, 'maturity', 'churn') as lifecycle_stage,
    if(customer_number % 10 = 0, 'champion', 'fading') as rfm_class,
    'repeat_1_2' as visit_class,
    5 as r_score,
    4 as f_score,
    3 as m_score,
    2 as l_score,
    customer_number % 10 >= 5 as is_overdue,
    cast(
        getvariable('factor') * case
            when customer_number % 10 = 0 then 5800
            when customer_number % 10 <= 4 then 875
            when customer_number % 10 <= 6 then 350
            else 0
        end as decimal(18, 2)
    ) as window_revenue_amount,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as yearly_worth_amount,
    cast(if(customer_number % 10 in (5, 6), 0.3, 0) as decimal(5, 4)) as wake_up_ratio
from range(0, 48000) as customers (customer_number);

create table marts.fct_customer_segments as
with labelled as (
    select *, 'value_class' as segment_kind, value_class as segment from marts.fct_customer_value
    union all
    select *, 'membership', if(is_member, 'member', 'no_member') from marts.fct_customer_value
),

members as (
    select distinct segment_kind, segment from labelled
    union all
    select distinct segment_kind, null from labelled
),

filled as (
    select
        stores.store_key,
        members.segment_kind,
        members.segment,
        count(labelled.customer_key) as customer_count,
        cast(coalesce(sum(labelled.window_revenue_amount), 0) as decimal(18, 2)) as revenue_amount
    from marts.dim_store as stores
    cross join members
    left join labelled
        on labelled.store_key = stores.store_key
        and labelled.segment_kind = members.segment_kind
        and labelled.segment = members.segment
    group by all
)

select
    format('{}:{}:{}', store_key, segment_kind, coalesce(segment, 'unknown')) as customer_segment_key,
    store_key,
    date '2025-03-01' as as_of_on,
    segment_kind,
    segment,
    coalesce(segment, '未知客户') as segment_title_zh,
    coalesce(segment, 'Unknown customer') as segment_title_en,
    customer_count,
    customer_count as order_count,
    customer_count as visit_count,
    customer_count as nps_response_count,
    customer_count as promoter_count,
    0 as detractor_count,
    revenue_amount,
    cast(0 as decimal(18, 2)) as cost_amount,
    revenue_amount as gross_profit_amount,
    cast(sum(customer_count) over whole as bigint) as store_customer_count,
    sum(revenue_amount) over whole as store_revenue_amount
from filled
window whole as (partition by store_key, segment_kind);

create table marts.fct_churn_warnings as
select
    'A8:' || customer_key as churn_warning_key,
    'A8' as rule_code,
    customer_key,
    store_key,
    as_of_on,
    date '2024-08-01' as last_visit_on,
    212 as recency_days,
    6 as last_satisfaction_score,
    'dormant' as value_class,
    window_revenue_amount,
    yearly_worth_amount,
    '店长致电' as action_zh,
    'Call' as action_en,
    cast(0.43 as decimal(5, 4)) as recovery_ratio
from marts.fct_customer_value
where cast(substr(customer_key, 2) as integer) in (select 4 * range from range(0, 23));

create table marts.fct_customer_month as
select
    store_key,
    month_start_on,
    true as is_complete,
    1000 as active_start_count,
    100 as dormant_start_count,
    50 as lost_start_count,
    300 as returned_customer_count,
    30 as woken_customer_count,
    5 as recovered_customer_count,
    20 as lapsed_customer_count,
    40 as new_customer_count,
    1055 as active_end_count,
    90 as dormant_end_count,
    45 as lost_end_count,
    100 as cohort_customer_count,
    if(month_start_on = date '2025-01-01', 85, 92) as retained_customer_count,
    1145 as window_customer_count,
    700 as repeat_customer_count
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on);

create table marts.fct_service_line_month as
with lines as (
    select * from (values
        ('maintenance', 35, 45, 100, 80, 5),
        ('repair', 45, 38, 300, 204, 30),
        ('beauty_accessories', 12, 55, 50, 39, 3),
        ('parts_sale', 8, 25, 25, 19, 2),
        (null, 0, 0, 0, 0, 0)
    ) as lines (service_line, revenue_share, margin, responses, promoters, detractors)
)

select
    format('{}:{}:{}', store_key, month_start_on, coalesce(service_line, 'unknown'))
        as service_line_month_key,
    store_key,
    month_start_on,
    service_line,
    revenue_share as order_count,
    responses as nps_response_count,
    promoters as promoter_count,
    responses - promoters - detractors as passive_count,
    detractors as detractor_count,
    responses as csi_response_count,
    cast(1000 * revenue_share * getvariable('factor') as decimal(18, 2)) as labour_amount,
    cast(0 as decimal(18, 2)) as part_amount,
    cast(0 as decimal(18, 2)) as discount_amount,
    cast(1000 * revenue_share * getvariable('factor') as decimal(18, 2)) as revenue_amount,
    cast(10 * revenue_share * (100 - margin) * getvariable('factor') as decimal(18, 2))
        as cost_amount,
    cast(10 * revenue_share * margin * getvariable('factor') as decimal(18, 2))
        as gross_profit_amount,
    cast(revenue_share as decimal(18, 2)) as hours_sold,
    cast(88 * responses as decimal(18, 2)) as csi_score_sum,
    cast(100000 * getvariable('factor') as decimal(18, 2)) as store_revenue_amount
from marts.dim_store
cross join lines
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on);

create table marts.fct_pnl_lines as
select
    store_key || ':' || month_start_on || ':' || line_code as pnl_line_key,
    store_key,
    region_name,
    month_start_on,
    line_code,
    line_order,
    1 as line_level,
    cast(null as varchar) as parent_line_code,
    'total' as line_kind,
    effect,
    '行 ' || line_code as title_zh,
    line_code as title_en,
    true as is_complete,
    cast(amount * getvariable('factor') as decimal(18, 2)) as amount,
    cast(40000 * getvariable('factor') as decimal(18, 2)) as revenue_amount,
    cast(2000 * getvariable('factor') as decimal(18, 2)) as budget_amount,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as previous_month_amount,
    cast(null as decimal(18, 2)) as last_year_amount
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('shared_cost', 600, -1, 3000), ('operating_profit', 700, 1, 5000))
    as statement_lines (line_code, line_order, effect, amount);

create table marts.fct_cost_drivers as
select
    'store:' || store_key || ':' || month_start_on as cost_driver_key,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    month_start_on,
    'previous_month' as comparison,
    'rent' as cost_code,
    '租金' as title_zh,
    'Rent' as title_en,
    'bay_days' as driver_code,
    '工位日' as driver_title_zh,
    'bay days' as driver_title_en,
    1 as cost_rank,
    true as is_top_driver,
    cast(1200 * getvariable('factor') as decimal(18, 2)) as amount,
    cast(6000 * getvariable('factor') as decimal(18, 2)) as total_cost_amount,
    cast(60 as decimal(18, 2)) as driver_units,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as base_amount,
    cast(50 as decimal(18, 2)) as base_units,
    cast(200 * getvariable('factor') as decimal(18, 2)) as change_amount,
    cast(0 as decimal(18, 2)) as price_effect_amount,
    cast(200 * getvariable('factor') as decimal(18, 2)) as volume_effect_amount,
    cast(0 as decimal(18, 2)) as mix_effect_amount
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on);

create table marts.fct_definition_bridges as
select
    'service_to_booked:store:' || store_key || ':' || month_start_on || ':' || step_kind
        as bridge_step_key,
    'service_to_booked' as bridge_code,
    '数仓收入到财务收入' as bridge_title_zh,
    'Service revenue to booked revenue' as bridge_title_en,
    'none' as comparison,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    month_start_on,
    step_kind,
    if(step_kind = 'rule', 'date_basis', null) as rule_code,
    step_order,
    '步骤' as step_title_zh,
    'Step' as step_title_en,
    cast(step_value * getvariable('factor') as decimal(24, 6)) as step_value,
    cast(100 * getvariable('factor') as decimal(24, 6)) as from_value,
    cast(90 * getvariable('factor') as decimal(24, 6)) as to_value
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('from', 0, 100), ('rule', 1, -10), ('to', 99, 90))
    as steps (step_kind, step_order, step_value);

create table marts.fct_line_margins as
select
    store_key || ':' || month_start_on || ':' || line_type as line_margin_key,
    store_key,
    month_start_on,
    'repair' as service_line,
    line_type,
    'customer' as pay_type,
    2 as line_count,
    2 as billed_line_count,
    cast(if(line_type = 'labour', 3, 0) as decimal(18, 2)) as hours_sold,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as list_amount,
    cast(100 * getvariable('factor') as decimal(18, 2)) as discount_amount,
    cast(900 * getvariable('factor') as decimal(18, 2)) as revenue_amount,
    cast(400 * getvariable('factor') as decimal(18, 2)) as cost_amount,
    cast(500 * getvariable('factor') as decimal(18, 2)) as gross_profit_amount
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('labour'), ('part')) as kinds (line_type);

create table marts.fct_hidden_costs as
select
    store_key,
    month_start_on,
    2 as rework_order_count,
    cast(300 * getvariable('factor') as decimal(18, 2)) as rework_cost_amount,
    cast(200 * getvariable('factor') as decimal(18, 2)) as rework_revenue_amount,
    cast(100 * getvariable('factor') as decimal(18, 2)) as goodwill_cost_amount,
    cast(5000 * getvariable('factor') as decimal(18, 2)) as gross_profit_amount,
    cast(600 as decimal(18, 2)) as technician_available_minutes,
    cast(480 as decimal(18, 2)) as technician_worked_minutes,
    cast(120 as decimal(18, 2)) as unapplied_minutes,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as attendance_pay_amount,
    cast(200 * getvariable('factor') as decimal(18, 2)) as unapplied_cost_amount
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on);

create table marts.fct_metric_error_bounds as
select
    metric_code || ':' || store_key || ':' || month_start_on as error_bound_key,
    metric_code,
    store_key,
    region_name,
    month_start_on,
    if(metric_code = 'nps', 'points', 'yuan') as unit,
    true as is_complete,
    false as is_provisional,
    if(metric_code = 'nps', 100, 1) as factor,
    cast(numerator * getvariable('factor') as decimal(20, 4)) as numerator,
    cast(denominator * getvariable('factor') as decimal(20, 4)) as denominator,
    cast((numerator - slack) * getvariable('factor') as decimal(20, 4)) as lowest_numerator,
    cast((denominator + slack) * getvariable('factor') as decimal(20, 4)) as lowest_denominator,
    cast((numerator + slack) * getvariable('factor') as decimal(20, 4)) as highest_numerator,
    cast((denominator + slack) * getvariable('factor') as decimal(20, 4)) as highest_denominator,
    cast(1 as decimal(20, 6)) as metric_value,
    cast(1 as decimal(20, 6)) as lowest_value,
    cast(1 as decimal(20, 6)) as highest_value,
    2 as defect_row_count,
    1 as defect_rule_count
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('nps', 4, 10, 2), ('revenue', 1000, null, 100))
    as metrics (metric_code, numerator, denominator, slack);

create table marts.fct_defect_backlog as
select
    rule_id || ':' || coalesce(store_key, '') as backlog_key,
    cast(row_number() over (order by rule_id, store_key) as integer) as backlog_rank,
    rule_id,
    store_key,
    region_name,
    'stg_dms__repair_orders' as table_name,
    'quarantine' as consequence_kind,
    'critical' as severity,
    'store-operations' as owner,
    'revenue;visits' as endangered_metrics,
    cast(3 * getvariable('factor') as integer) as open_row_count,
    1 as repaired_row_count,
    2 as moving_row_count,
    date '2025-01-31' as first_seen_on,
    date '2025-02-28' as newest_seen_on,
    'revenue' as metric_code,
    'kept_out_order' as bound_kind,
    'yuan' as unit,
    cast(1000 as decimal(20, 6)) as metric_value,
    cast(1000 as decimal(20, 6)) as lowest_value,
    cast(1300 as decimal(20, 6)) as highest_value,
    cast(300 as decimal(20, 6)) as value_range,
    cast(300 * getvariable('factor') as decimal(18, 2)) as yuan_at_stake,
    '工单必须有付费方式。' as sentence_zh,
    'A repair order names its payer.' as sentence_en,
    '请补全。' as fix_hint_zh,
    'Complete it.' as fix_hint_en
from (
    select store_key, region_name from marts.dim_store
    union all
    select null, null
) as places
cross join (values ('repair_order_pay_type_unknown'), ('clock_off_missing')) as rules (rule_id);

create table marts.fct_cell_trust as
select
    store_key,
    business_on,
    10 as row_count,
    if(store_key = 'S002', 1, 0) as rows_flagged,
    cast(if(store_key = 'S002', 0.9, 1) as decimal(9, 6)) as quality_score,
    if(business_on < date '2025-01-31', 'mature', 'provisional') as maturity,
    'fresh' as freshness,
    cast(null as varchar) as held_parts,
    cast(null as varchar) as hold_rule_id,
    cast(null as varchar) as hold_reason_zh,
    cast(null as varchar) as hold_reason_en,
    cast(null as varchar) as served_version_id
from marts.fct_store_day;

create table marts.dim_metric as
select
    metric_code,
    2 as metric_version,
    if(metric_code = 'average_ticket', 'certified', 'draft') as metric_status,
    metric_code as title_zh,
    metric_code as title_en,
    if(metric_code = 'average_ticket', 'finance-controlling', null) as certified_by,
    if(metric_code = 'average_ticket', date '2025-01-02', null) as certified_on,
    'finance-controlling' as owner,
    date '2025-01-01' as valid_from,
    cast(null as date) as valid_to
from (values ('revenue'), ('average_ticket'), ('bay_utilisation')) as metrics (metric_code);

create table marts.fct_metric_availability as
select
    'bay_utilisation:store:' || store_key as availability_key,
    'bay_utilisation' as metric_code,
    'store' as scope_kind,
    store_key as scope_key,
    store_key,
    region_name,
    if(store_key = 'S004', 'unavailable', 'available') as availability,
    1 as store_count,
    if(store_key = 'S004', 0, 1) as known_store_count,
    if(store_key = 'S004', 'dms.bay_occupancy', null) as missing_source,
    if(store_key = 'S004', 1, 0) as missing_source_count,
    if(store_key = 'S004', '1/1 家门店从未收到 dms.bay_occupancy 的数据', null) as reason_zh,
    if(store_key = 'S004', 'nothing of dms.bay_occupancy has ever landed for 1 of 1 stores', null)
        as reason_en,
    date '2025-01-31' as first_batch_on,
    date '2025-03-01' as last_batch_on
from marts.dim_store;
create table marts.fct_reconciliations as
select
    pair_code || ':' || store_key || ':' || month_start_on as reconciliation_key,
    pair_code,
    '对账' as pair_title_zh,
    'A pair' as pair_title_en,
    if(pair_code = 'surveys_orders', 'surveys', 'yuan') as unit,
    'warning' as severity,
    'finance-control' as owner,
    store_key,
    region_name,
    month_start_on,
    true as is_complete,
    cast(1000 * getvariable('factor') as decimal(18, 2)) as left_value,
    cast(990 * getvariable('factor') as decimal(18, 2)) as right_value,
    cast(10 * getvariable('factor') as decimal(18, 2)) as difference_value,
    cast(5 as decimal(18, 2)) as tolerance_value,
    false as is_within,
    2 as break_count
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('orders_ledger'), ('surveys_orders')) as pairs (pair_code);

create table marts.fct_reconciliation_breaks as
select
    pair_code || ':' || store_key || ':' || month_start_on || ':' || number as break_key,
    pair_code,
    store_key,
    region_name,
    month_start_on,
    month_start_on + 4 as business_on,
    store_key || ':RO' || number as record_key,
    'RO' || number as record_name,
    cast(5 * getvariable('factor') as decimal(18, 2)) as left_value,
    cast(0 as decimal(18, 2)) as right_value,
    cast(5 * getvariable('factor') as decimal(18, 2)) as difference_value,
    month_start_on as counterpart_on,
    'missing_in_ledger' as reason_code
from marts.fct_reconciliations
cross join (values (1), (2)) as numbers (number);

create table marts.fct_gaming_signals as
select
    detector_code || ':' || scope_kind || ':' || store_key || ':' || month_start_on as signal_key,
    detector_code,
    scope_kind,
    store_key,
    region_name,
    if(scope_kind = 'advisor', store_key || '-A01', null) as advisor_key,
    month_start_on,
    'other_stores' as basis,
    cast(100 * getvariable('factor') as integer) as base_count,
    cast(20 * getvariable('factor') as integer) as observed_count,
    cast(4 * getvariable('factor') as decimal(18, 2)) as expected_count,
    cast(16 * getvariable('factor') as decimal(18, 2)) as excess_count,
    cast(7 as decimal(18, 4)) as strength,
    cast(4 as decimal(9, 2)) as strength_limit,
    true as asks_for_look,
    'service-quality' as owner
from marts.dim_store
cross join (values (date '2025-01-01'), (date '2025-02-01')) as months (month_start_on)
cross join (values ('split_orders'), ('round_waits')) as detectors (detector_code)
cross join (values ('store'), ('advisor')) as scopes (scope_kind);
