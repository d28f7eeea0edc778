-- The network: eight Beijing stores with the profile the requirements tell, then city after city.
create or replace table city as
select
    (row_number() over ())::integer as city_no,
    city.*
from (
    values
    ('天津', '华北', '津A'), ('石家庄', '华北', '冀A'), ('太原', '华北', '晋A'),
    ('唐山', '华北', '冀B'), ('保定', '华北', '冀F'), ('上海', '华东', '沪A'),
    ('南京', '华东', '苏A'), ('苏州', '华东', '苏E'), ('无锡', '华东', '苏B'),
    ('杭州', '华东', '浙A'), ('宁波', '华东', '浙B'), ('合肥', '华东', '皖A'),
    ('福州', '华东', '闽A'), ('厦门', '华东', '闽D'), ('济南', '华东', '鲁A'),
    ('青岛', '华东', '鲁B'), ('南昌', '华东', '赣A'), ('广州', '华南', '粤A'),
    ('深圳', '华南', '粤B'), ('佛山', '华南', '粤E'), ('东莞', '华南', '粤S'),
    ('南宁', '华南', '桂A'), ('海口', '华南', '琼A'), ('郑州', '华中', '豫A'),
    ('武汉', '华中', '鄂A'), ('长沙', '华中', '湘A'), ('成都', '西南', '川A'),
    ('重庆', '西南', '渝A'), ('昆明', '西南', '云A'), ('贵阳', '西南', '贵A'),
    ('西安', '西北', '陕A'), ('兰州', '西北', '甘A'), ('沈阳', '东北', '辽A'),
    ('大连', '东北', '辽B'), ('长春', '东北', '吉A'), ('哈尔滨', '东北', '黑A'),
    ('呼和浩特', '华北', '蒙A'), ('太仓', '华东', '苏U')
) as city (city_name, region_name, plate_prefix);

create or replace table beijing as
select *
from (
    values
    (1, '海淀店', 'A', date '2012-05-18', 1.10, 9850, 0.68, 94.0, 0.62, 0.58),
    (2, '朝阳店', 'A', date '2013-03-26', 1.08, 9200, 0.60, 91.0, 0.85, 0.52),
    (3, '西城店', 'B', date '2014-09-12', 1.02, 8600, 0.54, 91.0, 0.60, 0.50),
    (4, '东城店', 'B', date '2015-06-20', 0.97, 7800, 0.47, 90.0, 0.55, 0.48),
    (5, '丰台店', 'B', date '2016-04-08', 1.00, 7500, 0.42, 89.5, 0.52, 0.46),
    (6, '石景山店', 'B', date '2017-10-15', 0.86, 7100, 0.38, 89.0, 0.50, 0.44),
    (7, '通州店', 'D', date '2018-08-28', 0.96, 6800, 0.31, 88.0, 0.45, 0.40),
    (8, '大兴店', 'C', date '2024-06-16', 0.90, 6200, 0.24, 88.5, 0.42, 0.36)
) as beijing (
    store_no, store_name, store_class, opened_on, size_factor, ticket_goal, package_rate, csi_mean,
    member_rate, appointment_rate
);

create or replace table store as
with numbers as (
    select range::integer as store_no, seeded('store', range) as k
    from range(1, getvariable('store_count') + 1)
),

profiles as (
    select
        numbers.store_no,
        numbers.k,
        coalesce(
            beijing.store_name,
            city.city_name || ['城东', '城西', '城南', '城北'][1 + (numbers.store_no - 9) % 4] || '店'
        ) as store_name,
        coalesce(city.region_name, '华北') as region_name,
        coalesce(city.city_name, '北京') as city_name,
        coalesce(city.plate_prefix, '京A') as plate_prefix,
        ['奥迪', '雷克萨斯', '理想'][1 + numbers.store_no % 3] as brand_name,
        coalesce(
            beijing.store_class, ['A', 'B', 'B', 'B', 'C', 'D'][1 + pick(numbers.k, 'class', 6)]
        ) as store_class,
        coalesce(
            beijing.opened_on,
            case
                -- new stores are those of the last years before the records begin
                when pick(numbers.k, 'class', 6) = 4
                    then date '2020-06-01' + pick(numbers.k, 'opened', 850)
                else date '2010-01-15' + pick(numbers.k, 'opened', 3600)
            end
        ) as opened_on,
        coalesce(beijing.size_factor, 0.85 + 0.3 * unit(numbers.k, 'size'))::double as size_factor,
        coalesce(beijing.ticket_goal, 6000 + pick(numbers.k, 'ticket', 3200))::double as ticket_goal,
        coalesce(beijing.package_rate, 0.25 + 0.35 * unit(numbers.k, 'package'))::double
            as package_rate,
        coalesce(beijing.csi_mean, 87.5 + 4.5 * unit(numbers.k, 'csi'))::double as csi_mean,
        coalesce(beijing.member_rate, 0.40 + 0.25 * unit(numbers.k, 'member'))::double as member_rate,
        coalesce(beijing.appointment_rate, 0.38 + 0.18 * unit(numbers.k, 'appointment'))::double
            as appointment_rate
    from numbers
    left join beijing on numbers.store_no = beijing.store_no
    left join city
        on numbers.store_no > 8 and city.city_no = 1 + ((numbers.store_no - 9) // 4) % 38
)

select
    profiles.*,
    'S' || lpad(store_no::varchar, 3, '0') as store_id,
    getvariable('orders_per_day') * size_factor as orders_per_day,
    -- bays so that productive hours fill about 70 % of the opening hours
    greatest(3, ceil(getvariable('orders_per_day') * size_factor * 1.62 / 6.6))::integer
        as bay_count,
    ticket_goal / (getvariable('base_ticket') * (1 + 0.36 * package_rate)) as price_factor
from profiles
order by store_no;

create or replace table bay as
select
    store.store_no,
    bay_index.range::integer as bay_index,
    store.store_id || '-B' || lpad((bay_index.range + 1)::varchar, 2, '0') as bay_id,
    case
        when bay_index.range = store.bay_count - 1 then 'quick_service'
        when bay_index.range = store.bay_count - 2 then 'body'
        else 'mechanical'
    end as bay_type,
    greatest(store.opened_on, date '2012-01-01') as installed_on
from store
cross join range(0, 24) as bay_index
where bay_index.range < store.bay_count
order by all;

create or replace table advisor as
select
    store.store_no,
    advisor_index.range::integer as advisor_index,
    (store.store_no * 100 + advisor_index.range)::integer as advisor_no,
    store.store_id || '-A' || lpad((advisor_index.range + 1)::varchar, 2, '0') as advisor_id,
    greatest(
        store.opened_on,
        date '2016-01-01'
        + pick(seeded('advisor', store.store_no * 100 + advisor_index.range), 'hired', 1800)
    ) as hired_on
from store
cross join range(0, 12) as advisor_index
where advisor_index.range < greatest(3, round(store.orders_per_day / 7))
order by all;
