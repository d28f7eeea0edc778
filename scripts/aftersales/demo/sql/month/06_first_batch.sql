-- Keep the first batch: the comebacks of later months wait in the state.
create or replace temp table m_order as select * from m_batch_order;
create or replace temp table m_part as select * from m_batch_part;
create or replace temp table m_job as select * from m_batch_job;

insert into pending_comeback
select store_no, due_day, vehicle_seq, fault_no, index_order_no, cause
from m_decided
where due_day >= getvariable('month_until')
order by index_order_no;
