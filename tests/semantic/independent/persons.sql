-- Who is who, found from the landed records of three systems and written apart from the models:
-- records that share a reachable phone and a name are one person; so are records of one valid VIN
-- that share a name, or a phone under which fewer than three names are known; so are records of one
-- name and one day of opening, where each system has it once that day and one phone at most is known.
-- Whoever is tied to somebody who is tied to a third is one with the third.
create table told_records as
with

told as (
    select 'dms:' || customer_id as source_key, 'dms' as system, customer_id as id,
        customer_name, phone, created_at
    from newest_customers
    union all
    select 'crm:' || crm_customer_id, 'crm', crm_customer_id, customer_name, phone, created_at
    from newest_crm_customers
    union all
    select 'finance:' || account_no, 'finance', account_no, customer_name, phone, created_at
    from newest_finance_customers
)

select
    source_key,
    system,
    created_at,
    nullif(
        regexp_replace(
            translate(lower(customer_name), '（） 　·.-', '()'), '先生|女士|小姐', '', 'g'
        ), ''
    ) as known_name,
    nullif(
        regexp_extract(
            translate(phone, ' -.()+', ''), '^(?:(?:00)?86)?0?(1[3-9][0-9]{9})$', 1
        ), ''
    ) as digits,
    if(
        digits not like '%00000000' and exists (
            from read_csv(getvariable('seeds') || '/../identity/phone_ranges.csv', all_varchar = true)
            where phone_kind = 'mobile' and starts_with(digits, phone_prefix)
        ), digits, null
    ) as known_phone,
    row_number() over (order by created_at asc nulls last, system, id) as age
from told;

create table ties as
with

driven as (
    select 'dms:' || customer_id as source_key, vin from newest_vehicles
    union
    select 'crm:' || crm_customer_id, vin from newest_crm_vehicles
),

crowded as (
    select known_phone
    from told_records
    where known_phone is not null
    group by known_phone
    having count(distinct known_name) >= 3
)

select age, 'phone and name|' || known_phone || '|' || known_name as tie
from told_records
union
select age, 'vin and name|' || vin || '|' || known_name
from driven
inner join told_records using (source_key)
where regexp_full_match(vin, '[A-HJ-NPR-Z0-9]{17}')
union
select age, 'vin and phone|' || vin || '|' || known_phone
from driven
inner join told_records using (source_key)
where
    regexp_full_match(vin, '[A-HJ-NPR-Z0-9]{17}')
    and known_phone not in (select known_phone from crowded)
union
select age, 'name and day|' || known_name || '|' || date_trunc('day', created_at)
from told_records
window same_day as (partition by known_name, date_trunc('day', created_at))
qualify
    created_at is not null
    and count(*) over same_day = count(distinct system) over same_day
    and count(distinct known_phone) over same_day <= 1;

delete from ties where tie is null;
delete from ties where tie in (select tie from ties group by tie having count(*) = 1);

-- A person is known by the key of the oldest record.
create table people as
with recursive

reached as (
    select age, age as other from ties
    union
    select reached.age, theirs.age
    from reached
    inner join ties as ours on ours.age = reached.other
    inner join ties as theirs on theirs.tie = ours.tie
),

oldest as (
    select age, min(other) as oldest
    from reached
    group by age
)

select
    coalesce(firsts.source_key, told_records.source_key) as person_id,
    told_records.source_key
from told_records
left join oldest using (age)
left join told_records as firsts on firsts.age = oldest.oldest;
