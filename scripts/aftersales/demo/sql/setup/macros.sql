-- Pseudo-random draws that depend only on a row's key, a purpose and the seed: hash(key, purpose).
-- A row carries `k`, the 64-bit hash of its own number and the seed; each purpose gives an
-- independent draw. random() is never used, so the same company comes out on every run.
create or replace macro seeded(entity, number) as
    hash(xor(hash(number::bigint), hash(entity || ':' || getvariable('seed'))));

create or replace macro draw(k, purpose) as hash(xor(k, hash(purpose)));

-- uniform in [0, 1)
create or replace macro unit(k, purpose) as
    (draw(k, purpose) >> 11)::double * 1.1102230246251565e-16;

-- whole number in 0 .. n - 1
create or replace macro pick(k, purpose, n) as (draw(k, purpose) % n::ubigint)::integer;

-- roughly normal, mean 0, deviation 1, never beyond 3.5: the sum of four uniforms
create or replace macro bell(k, purpose) as (
    (draw(k, purpose) & 65535)::double
    + ((draw(k, purpose) >> 16) & 65535)::double
    + ((draw(k, purpose) >> 32) & 65535)::double
    + (draw(k, purpose) >> 48)::double
) / 37837.23 - 3.4641;

-- Local wall-clock seconds since 2022-01-01 00:00 (UTC+8, as all stores of the company) to UTC.
create or replace macro at_utc(seconds) as
    make_timestamp((seconds::bigint + 1640995200 - 28800) * 1000000);

create or replace macro day_of(number) as date '2022-01-01' + number::integer;

create or replace macro yuan(cents) as (cents / 100.0)::decimal(18, 2);

create or replace macro order_number(day_no, slot) as
    'RO' || strftime(day_of(day_no), '%y%m%d') || '-' || lpad((slot + 1)::varchar, 3, '0');

create or replace macro in_window(seconds) as
    seconds >= getvariable('from_s') and seconds < getvariable('until_s');

create or replace macro known(seconds) as seconds < getvariable('until_s');

create or replace macro store_number(store_no) as 'S' || lpad(store_no::varchar, 3, '0');

create or replace macro record_number(prefix, number) as prefix || lpad(number::varchar, 7, '0');

-- Whether an order is keyed days after it happened (a planted defect).
create or replace macro is_late_order(k) as
    getvariable('defects') = 1 and unit(k, 'late entry') < 0.006;

-- Whether a person is keyed at the counter again and again (a planted defect), and how often so far.
create or replace macro is_keyed_again(k) as
    getvariable('defects') = 1 and unit(k, 'company') >= 0.05 and unit(k, 'keyed again') < 0.03;

create or replace macro keyed_again_s(k, created_s, copy) as
    (created_s + copy * (20 + pick(k, 'keyed after', 50)) * 86400)::integer;

create or replace macro dms_customer(person_seq, copy) as
    record_number('C', person_seq + case when copy = 0 then 0 else (4 + copy) * 1000000 end);

-- one-to-one scatter of small numbers over 0 .. modulus - 1 (the multiplier is prime)
create or replace macro scatter(number, modulus) as
    (number::bigint * 2654435761 + getvariable('seed') * 7919) % modulus;

-- prefixes that are given out; the number within one has eight digits
create or replace macro mobile_phone(person_seq) as
    [
        '130', '131', '132', '133', '134', '135', '136', '137', '138', '139', '147', '150', '151',
        '152', '153', '155', '156', '157', '158', '159', '166', '170', '171', '173', '175', '176',
        '177', '178', '180', '181', '182', '183', '184', '185', '186', '187', '188', '189', '191',
        '198', '199'
    ][1 + (scatter(person_seq, 4100000000) // 100000000)::integer]
    || lpad((scatter(person_seq, 4100000000) % 100000000)::varchar, 8, '0');

create or replace macro person_name(k) as
    '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜'[1 + pick(k, 'surname', 30)]
    || '子文雨明建国志强晓丽思远佳琪浩宇欣怡俊杰梓涵海燕春梅玉兰永'[1 + pick(k, 'first', 32)]
    || case
        when unit(k, 'short name') < 0.25 then ''
        else '华伟芳娜敏静秀娟军勇平刚桂英辉健玲洁飞龙凤雪松鹏宁波颖慧莉'[1 + pick(k, 'second', 30)]
    end;

create or replace macro owner_name(k) as
    case
        when unit(k, 'company') < 0.05
            then ['华信', '恒通', '远航', '金泰', '正大', '瑞丰'][1 + pick(k, 'firm', 6)]
            || person_name(k)[2:] || ['商贸', '科技', '物流', '汽车租赁'][1 + pick(k, 'trade', 4)]
            || '有限公司'
        else person_name(k)
    end;

-- Seconds the workshops work on a day: ten opening hours and up to ninety minutes of overtime.
create or replace macro workday() as 41400;

-- Working axis to local wall-clock seconds; the end of a stay at closing time is closing time, not
-- the next opening.
create or replace macro wall(day_no, w) as
    (day_no::bigint * 86400 + 28800 + w % workday())::integer;

create or replace macro wall_end(day_no, w) as
    (day_no::bigint * 86400 + 28801 + (w - 1) % workday())::integer;

-- The share of a row's draw, 0 to 999,999, that decides which defect it carries.
create or replace macro defect_draw(k) as
    (hash(xor(k, hash('defect:' || getvariable('seed')))) % 1000000)::integer;
