-- Put the month together. A comeback of a comeback happens in a later month or not at all.
insert into m_order select * from m_batch_order;
insert into m_part select * from m_batch_part;
insert into m_job select * from m_batch_job;

insert into pending_comeback
select store_no, due_day, vehicle_seq, fault_no, index_order_no, cause
from m_decided
where due_day >= getvariable('month_until')
order by index_order_no;
