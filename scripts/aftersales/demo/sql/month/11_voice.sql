-- What customers felt, said and complained of.
create or replace temp table m_felt as
with judged as (
    select
        m_settled.*,
        store_day.complaints,
        -- high-value customers neglected at one store: a planted cause of leaving
        vehicle_value > 1.30
        and unit(m_settled.k, 'neglected') < store_day.neglect as is_neglected,
        (waited_s / 3600.0) as waited_h,
        (closed_s // 86400 + 1) * 86400 + 36000 + pick(m_settled.k, 'sent', 7200) as sent_s
    from m_settled
    inner join store_day
        on m_settled.store_no = store_day.store_no and m_settled.day_no = store_day.day_no
    where not m_settled.is_cancelled
),

timed as (
    select
        judged.*,
        (sent_s + 900 + 330000 * pow(unit(k, 'answered after'), 3))::integer as responded_s,
        unit(k, 'answers') < 0.30 or is_neglected as is_responding
    from judged
),

scored as (
    select
        timed.*,
        least(100, greatest(20, case
            when timed.is_neglected then 58 + 3 * bell(timed.k, 'felt')
            when answer_day.is_csi_story then answer_day.csi_mean + 4.2 * bell(timed.k, 'felt')
            else
                answer_day.csi_mean
                - 2.4 * (least(6, greatest(0.3, waited_h)) - 1.4)
                - case when index_order_no is not null then 6 else 0 end
                + 4.4 * bell(timed.k, 'felt')
        end)) as csi
    from timed
    inner join store_day as answer_day
        on timed.store_no = answer_day.store_no and timed.responded_s // 86400 = answer_day.day_no
)

select
    store_no,
    day_no,
    slot,
    order_no,
    k,
    vehicle_seq,
    vehicle_value,
    order_type,
    pay_type,
    waited_h,
    is_neglected,
    is_suppressed,
    is_responding,
    sent_s::integer as sent_s,
    responded_s,
    arrived_s,
    closed_s,
    complaints,
    round(csi, 1) as csi,
    least(10, greatest(0, round(csi / 10 - 0.1 + 0.45 * bell(k, 'satisfied'))))::integer as satisfaction,
    least(10, greatest(0, round(9.15 + (csi - 89) * 0.13 + 1.05 * bell(k, 'recommends'))))::integer as nps
from scored;

create or replace temp table m_survey as
select
    store_no,
    store_number(store_no) as store_id,
    order_no,
    order_number(day_no, slot) as repair_order_no,
    day_no,
    slot,
    k,
    sent_s,
    case when is_responding then responded_s end as responded_s,
    csi,
    satisfaction,
    nps,
    case
        when satisfaction >= 8 and nps >= 7 then null
        when unit(k, 'reason') < 0.22 + 0.08 * least(4, waited_h) then 'waiting_time'
        when unit(k, 'reason other') < 0.42 then 'price'
        when unit(k, 'reason other') < 0.72 then 'communication'
        when unit(k, 'reason other') < 0.90 then 'repair_quality'
        else 'cleanliness'
    end as reason_code
from m_felt
where
    order_type in ('maintenance', 'repair', 'body', 'accessories')
    and pay_type <> 'internal'
    and not is_suppressed
    and (unit(k, 'asked') < 0.75 or is_neglected);

create table if not exists w_survey as select * from m_survey limit 0;
insert into w_survey select * from m_survey;

create or replace temp table m_complaint as
with complaints as (
    select
        m_felt.*,
        closed_s + 3600 + pick(k, 'complains after', 90000) as opened_s
    from m_felt
    where
        order_type <> 'pdi'
        and not is_suppressed
        and unit(k, 'complains')
        < 0.009 * complaints * (1 + 0.5 * least(3, waited_h)) * case when csi < 80 then 2 else 1 end
)

select
    store_no,
    store_number(store_no) as store_id,
    order_no,
    order_number(day_no, slot) as repair_order_no,
    day_no,
    slot,
    k,
    opened_s::integer as opened_s,
    case when unit(k, 'settled') < 0.96 then opened_s + 7200 + pick(k, 'settled after', 800000) end
        ::integer as closed_s,
    case
        when unit(k, 'topic') < case when waited_h > 1.5 then 0.60 else 0.36 end then 'waiting_time'
        when unit(k, 'topic other') < 0.38 then 'price'
        when unit(k, 'topic other') < 0.66 then 'communication'
        when unit(k, 'topic other') < 0.82 then 'repair_quality'
        when unit(k, 'topic other') < 0.92 then 'attitude'
        else 'cleanliness'
    end as topic_code
from complaints;

create table if not exists w_complaint as select * from m_complaint limit 0;
insert into w_complaint select * from m_complaint;
