-- Customers, the classes they are in and the list of those about to be lost, counted customer by
-- customer from the relations of records.sql.
create table person_orders as
select
    all_orders.person_id,
    all_orders.store_key,
    all_orders.business_on,
    all_orders.vehicle_id,
    all_orders.is_first_of_visit,
    orders.listed_labour + orders.listed_parts - orders.cut as earned,
    orders.cost as spent
from all_orders
inner join orders using (repair_order_key)
where all_orders.order_status <> 'cancelled';

create table person_answers as
select
    all_orders.person_id,
    sent.store_id as store_key,
    cast(here(sent.responded_at, stores.time_zone) as date) as business_on,
    sent.responded_at,
    sent.survey_id,
    sent.nps_score,
    sent.satisfaction_score
from newest_surveys as sent
inner join newest_stores as stores using (store_id)
left join all_orders
    on
        all_orders.store_key = sent.store_id
        and all_orders.repair_order_no = sent.repair_order_no
where sent.responded_at is not null;

create table standing as
with

-- A day counts for whom a visit is of; what was earned counts for whom it was earned from.
days as (
    select
        person_id,
        business_on,
        min(store_key) as store_key,
        count(*) filter (where is_first_of_visit) as visits,
        sum(earned) as earned
    from person_orders
    where person_id is not null
    group by all
),

late as (
    select person_id, sum(visits) as late_visits, sum(earned) as late_earned
    from days
    cross join known
    where business_on > known.as_of_on - 365
    group by person_id
),

histories as (
    select
        person_id,
        arg_max(store_key, business_on) as store_key,
        min(business_on) as first_on,
        max(business_on) as last_on,
        count(*) as day_count,
        sum(visits) as visits,
        sum(earned) as earned,
        if(
            day_count >= 3,
            cast((last_on - first_on) / (day_count - 1) as decimal(9, 2)),
            null
        ) as own_rhythm
    from days
    where visits > 0
    group by person_id
),

rhythms as (
    select
        histories.*,
        coalesce(late.late_visits, 0) as late_visits,
        coalesce(late.late_earned, 0) as late_earned,
        known.as_of_on,
        coalesce(
            own_rhythm, cast(median(cast(own_rhythm as double)) over () as decimal(9, 2))
        ) as rhythm,
        known.as_of_on - last_on as days_away,
        date_sub('month', first_on, last_on) as months
    from histories
    cross join known
    left join late using (person_id)
),

worths as (
    select
        *,
        cast(
            cast(earned as double) / cast(visits as double) * 365 / cast(rhythm as double)
            as decimal(18, 2)
        ) as worth
    from rhythms
),

last_answers as (
    select person_id, arg_max(satisfaction_score, (business_on, responded_at, survey_id)) as score
    from person_answers
    where satisfaction_score is not null
    group by person_id
)

select
    worths.person_id,
    worths.store_key,
    worths.as_of_on as business_on,
    worths.last_on as last_visit_on,
    worths.days_away,
    worths.late_earned,
    worths.worth,
    last_answers.score as last_satisfaction_score,
    customer_facts.customer_kind,
    customer_facts.is_member,
    customer_facts.visit_class,
    5 - (days_away > 30)::int - (days_away > 90)::int - (days_away > 180)::int
    - (days_away > 365)::int as r_score,
    1 + (late_visits >= 2)::int + (late_visits >= 3)::int + (late_visits >= 4)::int
    + (late_visits >= 6)::int as f_score,
    1 + (late_earned >= 5000)::int + (late_earned >= 15000)::int + (late_earned >= 30000)::int
    + (late_earned >= 60000)::int as m_score,
    1 + (months >= 3)::int + (months >= 6)::int + (months >= 12)::int + (months >= 24)::int
        as l_score,
    ['fading', 'slipping', 'newcomer', 'loyal', 'fading_big', 'slipping_big', 'promising_big',
        'champion'][
        1 + (f_score >= 4)::int + 2 * (r_score >= 4)::int + 4 * (m_score >= 4)::int
    ] as rfm_class,
    coalesce(days_away > 2 * rhythm, false) as is_overdue,
    case
        when late_earned > 0
            and row_number() over (order by late_earned desc, person_id)
            <= 0.1 * count(*) over () then 'high_value'
        when days_away < 180 then 'active'
        when days_away < 365 then 'dormant'
        else 'lost'
    end as value_class,
    row_number() over (order by coalesce(worth, 0) desc, person_id) <= 0.1 * count(*) over ()
        as is_worthy,
    case
        when days_away >= 180 then 'churn'
        when worths.visits <= 1 then 'acquisition'
        when worths.visits <= 3 or months <= 5 then 'growth'
        else 'maturity'
    end as lifecycle_stage
from worths
left join customer_facts using (person_id)
left join last_answers using (person_id);

-- Orders and their stages are asked for by class too.
create table classed as
select
    orders.*,
    standing.value_class,
    standing.lifecycle_stage,
    standing.rfm_class
from orders
inner join all_orders using (repair_order_key)
left join standing on standing.person_id = all_orders.person_id;
drop table orders;
alter table classed rename to orders;

create table classed as
select
    stages.*,
    standing.value_class,
    standing.lifecycle_stage,
    standing.rfm_class
from stages
inner join all_orders using (repair_order_key)
left join standing on standing.person_id = all_orders.person_id;
drop table stages;
alter table classed rename to stages;

-- ---------------------------------------------------------------------------------------- classes
create table titles as
select * from (values
    ('value_class', 'high_value', '高价值客户', 'High value'),
    ('value_class', 'active', '活跃客户', 'Active'),
    ('value_class', 'dormant', '沉睡客户', 'Dormant'),
    ('value_class', 'lost', '流失客户', 'Lost'),
    ('lifecycle_stage', 'acquisition', '获取期', 'Acquisition'),
    ('lifecycle_stage', 'growth', '成长期', 'Growth'),
    ('lifecycle_stage', 'maturity', '成熟期', 'Maturity'),
    ('lifecycle_stage', 'churn', '流失期', 'Churn'),
    ('rfm_class', 'champion', '重要价值客户', 'Champion: recent, frequent, big'),
    ('rfm_class', 'promising_big', '重要发展客户', 'To develop: recent and big, seldom'),
    ('rfm_class', 'slipping_big', '重要保持客户', 'To keep: frequent and big, not seen lately'),
    ('rfm_class', 'fading_big', '重要挽留客户', 'To win back: big, seldom, not seen lately'),
    ('rfm_class', 'loyal', '一般价值客户', 'Loyal: recent and frequent, small'),
    ('rfm_class', 'newcomer', '一般发展客户', 'Newcomer: recent, seldom, small'),
    ('rfm_class', 'slipping', '一般保持客户', 'Slipping: frequent, small, not seen lately'),
    ('rfm_class', 'fading', '一般挽留客户', 'Fading: seldom, small, not seen lately'),
    ('visit_class', 'first', '首次到店', 'First visit'),
    ('visit_class', 'repeat_1_2', '复购1–2次', 'One or two repeat visits'),
    ('visit_class', 'repeat_3_plus', '复购3次以上', 'Three or more repeat visits'),
    ('membership', 'member', '会员', 'Member'),
    ('membership', 'no_member', '非会员', 'No member')
) as titles (segment_kind, segment, segment_title_zh, segment_title_en)
union all
select kind, null, '未知客户', 'Unknown customer'
from (values ('value_class'), ('lifecycle_stage'), ('rfm_class'), ('visit_class'), ('membership'))
    as kinds (kind);

create macro class_of(kind, value_class, lifecycle_stage, rfm_class, visit_class, is_member) as
    case kind
        when 'value_class' then value_class
        when 'lifecycle_stage' then lifecycle_stage
        when 'rfm_class' then rfm_class
        when 'visit_class' then visit_class
        else if(is_member, 'member', if(is_member is null, null, 'no_member'))
    end;

create table segment_heads as
select standing.store_key, standing.business_on, standing.person_id, titles.*
from standing
inner join titles
    on titles.segment is not distinct from class_of(
        titles.segment_kind, value_class, lifecycle_stage, rfm_class, visit_class, is_member
    );

create table segment_orders as
select
    person_orders.*,
    titles.*
from person_orders
cross join known
left join standing using (person_id)
inner join titles
    on titles.segment is not distinct from class_of(
        titles.segment_kind, value_class, lifecycle_stage, rfm_class, visit_class, is_member
    )
where person_orders.business_on > known.as_of_on - 365;

create table segment_answers as
select
    person_answers.store_key,
    person_answers.business_on,
    person_answers.nps_score,
    titles.*
from person_answers
cross join known
left join standing using (person_id)
inner join titles
    on titles.segment is not distinct from class_of(
        titles.segment_kind, value_class, lifecycle_stage, rfm_class, visit_class, is_member
    )
where person_answers.business_on > known.as_of_on - 365;

-- What the shares of a class are of: the customers and the revenue of its stores.
create table segment_wholes as
select
    stores.store_id as store_key,
    known.as_of_on as business_on,
    titles.*,
    (select count(*) from standing where standing.store_key = stores.store_id) as heads,
    (
        select coalesce(sum(earned), 0)
        from person_orders
        where person_orders.store_key = stores.store_id
        and person_orders.business_on > known.as_of_on - 365
    ) as earned
from newest_stores as stores
cross join known
cross join titles;

create table warned as
select
    'A8' as rule_code,
    cast(person_id as varchar) as warned_customer_key,
    store_key,
    last_visit_on as business_on,
    last_visit_on,
    days_away as recency_days,
    last_satisfaction_score,
    value_class,
    late_earned,
    worth,
    '店长致电，送挽回大礼包（免费检测+优惠券），安排最好的服务顾问接待' as action_zh,
    'The store manager calls, offers the win-back package (free inspection and vouchers) and gives '
    || 'the customer the best advisor' as action_en
from standing
where is_worthy and days_away >= 180 and last_satisfaction_score < 8;

-- ------------------------------------------------------------------------------ month after month
create table customer_moves as
with

months as (
    select
        cast(first_at as date) as month_on,
        least(last_day(first_at), known.as_of_on) as end_on,
        last_day(first_at) <= known.as_of_on as is_complete_month
    from known
    cross join range(timestamp '2022-01-01', timestamp '2032-01-01', interval 1 month)
        as months (first_at)
    where first_at <= known.as_of_on
    and last_day(first_at) >= (select min(business_on) from person_orders)
),

days as (
    select person_id, business_on, min(store_key) as store_key
    from person_orders
    where person_id is not null
    group by all
    having bool_or(is_first_of_visit)
),

customers as (
    select
        months.*,
        days.person_id,
        min(business_on) as first_on,
        arg_min(store_key, business_on) as first_store,
        max(business_on) filter (where business_on < month_on) as before_on,
        arg_max(store_key, business_on) filter (where business_on < month_on) as before_store,
        max(business_on) as last_on,
        arg_max(store_key, business_on) as last_store,
        max(business_on) filter (where business_on <= end_on - 180) as old_on,
        arg_max(store_key, business_on) filter (where business_on <= end_on - 180) as old_store,
        count(*) filter (where business_on > end_on - 365) as days_in_year
    from months
    inner join days on days.business_on <= months.end_on
    group by all
)

select
    unnest([
        {'store_key': first_store, 'move': if(first_on >= month_on, 'new', null)},
        {
            'store_key': before_store,
            'move': case
                when month_on - 1 - before_on < 180 then 'active_start'
                when month_on - 1 - before_on < 365 then 'dormant_start'
                when before_on is not null then 'lost_start'
            end
        },
        {
            'store_key': before_store,
            'move': case
                when last_on < month_on and month_on - 1 - before_on < 180
                    and end_on - last_on >= 180 then 'lapsed'
                when last_on < month_on or before_on is null then null
                when month_on - 1 - before_on < 180 then 'returned'
                when month_on - 1 - before_on < 365 then 'woken'
                else 'recovered'
            end
        },
        {
            'store_key': last_store,
            'move': case
                when end_on - last_on < 180 then 'active_end'
                when end_on - last_on < 365 then 'dormant_end'
                else 'lost_end'
            end
        },
        {'store_key': last_store, 'move': if(end_on - last_on < 365, 'in_year', null)},
        {
            'store_key': last_store,
            'move': if(end_on - last_on < 365 and days_in_year > 1, 'again_in_year', null)
        },
        {'store_key': old_store, 'move': if(end_on - old_on < 365, 'cohort', null)},
        {
            'store_key': old_store,
            'move': if(end_on - old_on < 365 and end_on - last_on < 180, 'kept', null)
        }
    ], recursive := true),
    month_on as business_on,
    is_complete_month
from customers;

delete from customer_moves where move is null;

-- ---------------------------------------------------------------------------------- service lines
create table main_lines as
select
    repair_order_key,
    arg_min(service_line, (-earned, service_line)) as service_line
from (
    select repair_order_key, service_line, sum(listed - cut) as earned
    from lines
    where service_line is not null
    group by all
)
group by repair_order_key;

create table main_orders as
select orders.store_key, orders.business_on, main_lines.service_line
from orders
left join main_lines using (repair_order_key)
where orders.order_status <> 'cancelled';

create table main_answers as
select
    sent.store_id as store_key,
    cast(here(sent.responded_at, stores.time_zone) as date) as business_on,
    main_lines.service_line,
    sent.nps_score,
    sent.csi_score
from newest_surveys as sent
inner join newest_stores as stores using (store_id)
left join main_lines on main_lines.repair_order_key = sent.store_id || ':' || sent.repair_order_no
where sent.responded_at is not null;

create table line_wholes as
select
    earned.*,
    served.service_line
from (
    select
        store_key,
        cast(date_trunc('month', business_on) as date) as business_on,
        sum(listed - cut) as earned
    from lines
    group by all
) as earned
cross join (
    select unnest(
        ['maintenance', 'repair', 'beauty_accessories', 'parts_sale', 'insurance', null]
    ) as service_line
) as served;
