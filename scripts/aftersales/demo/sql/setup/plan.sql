-- What each store can expect of each day: season, weekday, holiday, and the planted stories.
create or replace table story_day as
with windows as (
    select
        story.*,
        getvariable('base_end_day') + story.from_offset as from_day,
        getvariable('base_end_day') + story.to_offset as to_day
    from story
)

select
    windows.store_no,
    calendar.day_no,
    coalesce(max(case when kind = 'demand' then value end), 1) as demand,
    coalesce(max(case when kind = 'pace' then value end), 1) as pace,
    coalesce(max(case when kind = 'appointments' then value end), 1) as appointments,
    coalesce(max(case when kind = 'complaints' then value end), 1) as complaints,
    coalesce(max(case when kind = 'csi_shift' then value end), 0) as csi_shift,
    coalesce(max(case when kind = 'neglect' then value end), 0) as neglect,
    max(case when kind = 'csi' then value end) as csi
from windows
inner join calendar on calendar.day_no between windows.from_day and windows.to_day
group by windows.store_no, calendar.day_no
order by windows.store_no, calendar.day_no;

create or replace table store_day as
with factors as (
    select
        store.store_no,
        calendar.day_no,
        calendar.month_no,
        calendar.open_index,
        seeded('store day', store.store_no * 10000 + calendar.day_no) as k,
        calendar.is_open and calendar.date_on >= store.opened_on as is_open,
        store.orders_per_day
        * [0.97, 0.94, 0.95, 0.97, 1.00, 1.12, 1.05][calendar.iso_weekday]
        * [0.97, 0.88, 0.98, 1.00, 1.01, 1.03, 1.05, 1.04, 1.00, 0.99, 0.98, 1.03][
            1 + calendar.month_no % 12
        ]
        * case when calendar.is_holiday then 0.84 else 1 end
        * case when calendar.is_eve then 1.10 else 1 end as expected,
        store.appointment_rate,
        store.csi_mean,
        store.package_rate,
        store.bay_count,
        coalesce(story_day.demand, 1) as demand,
        coalesce(story_day.pace, 1) as pace,
        coalesce(story_day.appointments, 1) as appointments,
        coalesce(story_day.complaints, 1) as complaints,
        coalesce(story_day.csi_shift, 0) as csi_shift,
        coalesce(story_day.neglect, 0) as neglect,
        story_day.csi as story_csi
    from store
    cross join calendar
    left join story_day
        on store.store_no = story_day.store_no and calendar.day_no = story_day.day_no
)

select
    store_no,
    day_no,
    month_no,
    open_index,
    k,
    is_open,
    case when is_open then expected else 0 end as expected_orders,
    case
        when is_open
            then greatest(1, round(expected * demand * 0.94 * (1 + 0.07 * bell(k, 'noise'))))
        else 0
    end::integer as regular_orders,
    expected * demand * 0.94 * pace / (bay_count * 3.75) as load,
    least(0.95, appointment_rate * appointments) as appointment_rate,
    package_rate,
    coalesce(story_csi, csi_mean + csi_shift) as csi_mean,
    story_csi is not null as is_csi_story,
    complaints,
    neglect,
    pace
from factors
order by store_no, day_no;

-- opening days in a row, to turn working time into wall-clock time
create or replace table open_day as
select open_index, day_no
from calendar
where is_open
order by open_index;

-- Planted: days on which a store sends nothing, and days without its stock.
create or replace table missing_day as
select store_day.store_no, store_day.day_no
from store_day
inner join calendar on store_day.day_no = calendar.day_no
where
    getvariable('defects') = 1
    and store_day.is_open
    and not calendar.is_holiday
    and not calendar.is_eve
    and unit(store_day.k, 'sends nothing') < 0.0025
    and store_day.day_no between getvariable('start_day') + 35 and getvariable('base_end_day') - 35
order by store_day.store_no, store_day.day_no;

create or replace table missing_stock_day as
select store_no, day_no
from store_day
where
    getvariable('defects') = 1
    and is_open
    and unit(k, 'stock not sent') < 0.003
    and day_no between getvariable('start_day') + 10 and getvariable('base_end_day') - 10
order by store_no, day_no;
