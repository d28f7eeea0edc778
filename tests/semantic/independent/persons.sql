-- Who is who, found from the landed records of three systems and written apart from the models:
-- records that share a reachable phone and a name are one person; so are records of one valid VIN
-- that share a name, or a phone under which fewer than three names are known; so are records of one
-- name and one day of opening in Beijing, where each system has it once that day and one phone at
-- most is known; so are records of one name whose phones look alike, if all that weighs enough.
-- Whoever is tied to somebody who is tied to a third is one with the third.
set variable prefixes = (
    select list(phone_prefix)
    from read_csv(getvariable('seeds') || '/../identity/phone_ranges.csv', all_varchar = true)
    where phone_kind = 'mobile'
);

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
        digits not like '%00000000'
        and list_has_any(getvariable('prefixes'), [digits[:3], digits[:4], digits[:5]]),
        digits, null
    ) as known_phone,
    regexp_replace(translate(phone, ' -.()+', ''), '^(00)?86', '') as typed_phone,
    known_phone is not null or regexp_full_match(typed_phone, '1[0-9]{2}[*xX#]+[0-9]+')
        as has_both_ends,
    count(*) over (partition by known_name) as namesakes,
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
),

namesakes as (
    select
        one.age,
        other.age as other_age,
        case
            when regexp_full_match(one.typed_phone, '1[3-9][0-9]{8,10}')
                and regexp_full_match(other.typed_phone, '1[3-9][0-9]{8,10}')
                and one.typed_phone[:10] = other.typed_phone[:10] then 20
            when regexp_full_match(one.typed_phone, '[0-9]{11}')
                and regexp_full_match(other.typed_phone, '[0-9]{11}')
                and right(one.typed_phone, 8) = right(other.typed_phone, 8) then 18
            when length(one.typed_phone) = 11 and length(other.typed_phone) = 11
                and one.has_both_ends and other.has_both_ends
                and one.typed_phone[:3] || right(one.typed_phone, 4)
                = other.typed_phone[:3] || right(other.typed_phone, 4) then 14
        end as phone_bits,
        if(one.namesakes > 8, 9, 13) as name_bits,
        case
            when one.system = other.system then -3
            when other.created_at - one.created_at <= interval 12 hour then 6
            else 0
        end as other_bits
    from told_records as one
    inner join told_records as other on one.known_name = other.known_name and one.age < other.age
    where
        (one.known_phone is null or other.known_phone is null)
        and one.typed_phone not like '%00000000'
        and other.typed_phone not like '%00000000'
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
select age, 'name and day|' || known_name || '|' || date_trunc('day', created_at + interval 8 hour)
from told_records
window same_day as (partition by known_name, date_trunc('day', created_at + interval 8 hour))
qualify
    created_at is not null
    and count(*) over same_day = count(distinct system) over same_day
    and count(distinct known_phone) over same_day <= 1
union
select unnest([age, other_age]), 'alike|' || age || '|' || other_age
from namesakes
where phone_bits + name_bits + other_bits - 20 >= 7;

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
