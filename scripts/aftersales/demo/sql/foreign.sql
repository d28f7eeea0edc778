-- The records of the demo company as another make of dealer system would hold them: English and
-- German words, its own codes, local times as text with the day first, money in cents, work in
-- minutes, lines that know their order but not their store, and only the newest state of a record.
create or replace temporary macro local_text(moment) as
    strftime(timezone('Asia/Shanghai', timezone('UTC', moment)), '%d.%m.%Y %H:%M');

create or replace temporary macro day_text(day) as strftime(day, '%d.%m.%Y');

create or replace temporary macro cents(amount) as cast(round(amount * 100) as bigint);

create or replace temporary macro payer(code) as case code
    when 'customer' then 'C' when 'warranty' then 'W' when 'insurance' then 'I'
    when 'internal' then 'N' else code end;

create table foreign_db.branch as
select store_id as branch_no, store_name as title, city_name as town, region_name as area,
    brand_name as make, store_class as tier, day_text(opened_on) as open_since
from stores
order by store_id;

create table foreign_db.mechanic as
select technician_id as mech_no, store_id as branch_no, technician_name as full_name,
    skill_level as grade, day_text(hired_on) as entry_date, day_text(left_on) as exit_date
from technicians
order by technician_id;

create table foreign_db.client as
select customer_id as client_no, store_id as branch_no, customer_name as full_name,
    phone as mobile,
    case customer_kind when 'person' then 'P' when 'company' then 'F' else customer_kind end
        as client_kind,
    local_text(updated_at) as last_change
from customers
order by customer_id;

create table foreign_db.car as
select vehicle_id as car_no, vin as chassis_no, plate_no as licence_plate, model_name as model,
    case energy_type when 'ice' then 'petrol' when 'bev' then 'electric' else energy_type end
        as fuel,
    customer_id as owner_no, day_text(sold_on) as first_sale, local_text(updated_at) as last_change
from vehicles
order by vehicle_id;

create table foreign_db.op_catalogue as
select service_item_code as op_code, service_item_name as op_text, service_line as op_group,
    fault_system as assembly, cast(round(standard_hours * 60) as integer) as std_minutes
from service_items
order by service_item_code;

-- Numbers of orders repeat from store to store; this system counts them through.
create temporary table numbered as
select *, row_number() over (order by opened_at, store_id, repair_order_no) + 700000 as wo_id
from repair_orders
where repair_order_no is not null;

create table foreign_db.workorder as
select wo_id, repair_order_no as paper_no, store_id as branch_no, vehicle_id as car_no,
    customer_id as client_no,
    case order_type when 'maintenance' then 'SVC' when 'repair' then 'REP' when 'body' then 'PAINT'
        when 'accessories' then 'ACC' when 'recall' then 'CAMPAIGN' when 'pdi' then 'PDI'
        else order_type end as job_kind,
    case fault_system when 'transmission' then 'gearbox' when 'brake' then 'brakes'
        when 'hvac' then 'climate' else fault_system end as assembly,
    payer(pay_type) as payer,
    local_text(arrived_at) as date_in, local_text(opened_at) as date_open,
    local_text(promised_at) as date_promised, local_text(closed_at) as date_out,
    case status when 'open' then '10' when 'closed' then '20' when 'cancelled' then '90' end
        as state,
    odometer_km as mileage, cents(labour_amount) as amt_labour, cents(part_amount) as amt_material,
    cents(discount_amount) as rebate, cents(total_amount) as amt_total,
    local_text(updated_at) as last_change
from numbered
order by wo_id;

create table foreign_db.wo_operation as
select labour_line_id as pos_no, wo_id, technician_id as mech_no, service_item_code as op_code,
    payer(lines.pay_type) as payer, cast(round(hours_sold * 60) as integer) as minutes_billed,
    cents(lines.labour_amount) as price, cents(lines.discount_amount) as rebate,
    cents(cost_amount) as cost
from labour_lines as lines
inner join numbered using (store_id, repair_order_no)
order by wo_id, labour_line_id;

create table foreign_db.wo_material as
select part_line_id as pos_no, wo_id, part_no as article_no, service_item_code as op_code,
    payer(lines.pay_type) as payer, cast(quantity as double) as qty,
    cents(unit_price_amount) as price_each, cents(lines.part_amount) as price,
    cents(lines.discount_amount) as rebate, cents(cost_amount) as cost
from part_lines as lines
inner join numbered using (store_id, repair_order_no)
order by wo_id, part_line_id;
