-- 48,000 customers as orders and answers: number 0 to 4,799 brought most in the last year, up to
-- 23,999 came lately, up to 33,599 half a year ago, the rest longer ago.
create temp table people as
select
    number,
    'C' || lpad(number::varchar, 5, '0') as customer_key,
    case
        when number between 10000 and 19999 then '问卷店'
        when number between 47798 and 47997 then '留存店'
        when number >= 47998 then '价值店'
        else '客户店'
    end as store_key
from range(48000) as numbers (number);

-- 10 % bring 58 % of the revenue, 40 % bring 35 %, 20 % bring 7 %.
create temp table orders as
select
    customer_key,
    store_key,
    date '2025-12-12' - case
        when number < 4800 then 10 when number < 24000 then 20 when number < 33600 then 200 else 500
    end as business_on,
    case
        when number < 4800 then 23200 when number < 24000 then 3500 when number < 33600 then 1400
        else 100
    end as revenue_amount
from people
where number < 47798

union all

-- 23 of those who stay away used to bring much: they are worth calling.
select customer_key, store_key, date '2025-12-12' - days, 100000
from people cross join (values (550), (900)) as earlier (days)
where number between 24000 and 24022

union all

-- 100 who came in March 2023, of whom 85 came again; 100 of January 2024, of whom 92 did.
select customer_key, store_key, date '2023-03-01', 100 from people
where number between 47798 and 47897
union all
select customer_key, store_key, date '2023-10-01', 100 from people
where number between 47798 and 47882
union all
select customer_key, store_key, date '2024-01-15', 100 from people
where number between 47898 and 47997
union all
select customer_key, store_key, date '2024-08-15', 100 from people
where number between 47898 and 47989

union all

-- One comes 2.5 times a year for 800 yuan, the other three times for 1,000.
select customer_key, store_key, date '2025-12-12' - days, 800
from people cross join (values (500), (646), (792)) as visits (days)
where number = 47998
union all
select customer_key, store_key, date '2025-12-12' - days, 1000
from people cross join (values (500), (622), (743), (865)) as visits (days)
where number = 47999;

insert into marts.dim_customer by name
select
    customer_key,
    case
        when number between 10000 and 13499 then 'first'
        when number between 13500 and 17499 then 'repeat_1_2'
        when number between 17500 and 19999 then 'repeat_3_plus'
    end as visit_class
from people;

insert into marts.bridge_customer_sources by name
select customer_key, customer_key as source_customer_key from people;

insert into marts.fct_repair_orders by name
select
    row_number() over (order by customer_key, business_on)::varchar as repair_order_key,
    customer_key as source_customer_key,
    store_key,
    business_on,
    true as is_first_order_of_visit,
    false as is_cancelled,
    revenue_amount,
    0 as gross_profit_amount
from orders;

-- Answers of customers on their first visit, after one or two, after three or more: NPS 58, 68, 78.
insert into marts.fct_surveys by name
select
    'N' || number as survey_key,
    customer_key as source_customer_key,
    store_key,
    date '2025-11-20' as business_on,
    true as is_responded,
    case when is_promoter then 10 else 8 end as nps_score,
    is_promoter,
    not is_promoter as is_passive,
    false as is_detractor
from (
    select
        *,
        case
            when number < 13500 then number - 10000 < 0.58 * 3500
            when number < 17500 then number - 13500 < 0.68 * 4000
            else number - 17500 < 0.78 * 2500
        end as is_promoter
    from people
    where number between 10000 and 19999
)

union all by name

-- The last answer of the 23.
select
    'S' || number as survey_key,
    customer_key as source_customer_key,
    store_key,
    date '2025-12-12' - 200 as business_on,
    true as is_responded,
    7 as satisfaction_score
from people
where number between 24000 and 24022;
