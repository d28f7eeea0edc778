-- What one month hands on to the next.
create or replace table pending_comeback (
    store_no integer, due_day integer, vehicle_seq integer, fault_no integer,
    index_order_no integer, cause varchar
);
create or replace table comeback_cause (
    index_order_no integer, order_no integer, vehicle_seq integer, technician_no integer,
    cause varchar
);
create or replace table bay_free (store_no integer, bay_index integer, free_w bigint);
create or replace table cycle_tail (store_no integer, part_index integer, issued bigint);
create or replace table stock_level (
    store_no integer, part_index integer, shelf bigint, reserve bigint
);
