-- What the workshop sells: labour operations and parts by work group.
create or replace table fault as
select *
from (
    values
    (1, 'engine', 0.24), (2, 'brake', 0.20), (3, 'electrical', 0.19), (4, 'transmission', 0.09),
    (5, 'chassis', 0.12), (6, 'hvac', 0.13), (7, 'body', 0.03)
) as fault (fault_no, fault_system, share);

create or replace table work_group as
select *
from (
    values
    -- group, service line, price scale, gross margins of labour and of parts; together they give
    -- the service lines the shares and margins the requirements state
    ('maintenance', 'maintenance', 1.430, 0.59, 0.34), ('repair', 'repair', 0.863, 0.59, 0.29),
    ('body', 'repair', 0.863, 0.59, 0.29), ('accessories', 'beauty_accessories', 0.830, 0.64, 0.45),
    ('parts_sale', 'parts_sale', 0.820, 0.55, 0.22), ('insurance', 'insurance', 1.000, 0.60, 0.30),
    ('recall', 'repair', 0.884, 0.50, 0.25), ('pdi', 'maintenance', 1.000, 0.35, 0.20)
) as work_group (group_name, service_line, price_scale, labour_margin, part_margin);

create or replace table service_item as
with listed as (
    select *
    from (
        values
        ('MT01', '小保养', 'maintenance', null, 0.80), ('MT02', '大保养', 'maintenance', null, 2.00),
        ('MT03', '四轮定位', 'maintenance', null, 1.00), ('MT04', '空调系统清洗', 'maintenance', null, 0.80),
        ('MT05', '制动液更换', 'maintenance', null, 0.90), ('MT06', '变速箱油保养', 'maintenance', null, 1.60),
        ('EN01', '点火系统检修', 'repair', 'engine', 1.50), ('EN02', '发动机漏油维修', 'repair', 'engine', 3.20),
        ('EN03', '冷却系统维修', 'repair', 'engine', 2.20), ('EN04', '正时机构维修', 'repair', 'engine', 4.00),
        ('BR01', '制动片更换', 'repair', 'brake', 1.20), ('BR02', '制动盘更换', 'repair', 'brake', 1.80),
        ('BR03', '制动异响诊断', 'repair', 'brake', 1.50), ('EL01', '电路故障诊断', 'repair', 'electrical', 1.80),
        ('EL02', '发电机更换', 'repair', 'electrical', 2.00), ('EL03', '控制单元更换', 'repair', 'electrical', 2.40),
        ('TR01', '变速箱诊断', 'repair', 'transmission', 2.50), ('TR02', '离合器维修', 'repair', 'transmission', 4.00),
        ('CH01', '悬架维修', 'repair', 'chassis', 2.20), ('CH02', '转向系统维修', 'repair', 'chassis', 2.60),
        ('CH03', '轮毂轴承更换', 'repair', 'chassis', 1.80), ('AC01', '空调制冷维修', 'repair', 'hvac', 2.00),
        ('AC02', '鼓风机更换', 'repair', 'hvac', 1.60), ('BD01', '门锁与玻璃升降维修', 'repair', 'body', 1.80),
        ('BD11', '钣金修复', 'body', 'body', 3.50), ('BD12', '全车喷漆', 'body', 'body', 4.00),
        ('BD13', '保险杠更换喷漆', 'body', 'body', 2.80), ('AB01', '漆面镀晶', 'accessories', null, 2.00),
        ('AB02', '内饰深度清洁', 'accessories', null, 1.50), ('AB03', '车窗贴膜', 'accessories', null, 1.80),
        ('AB04', '行车记录仪安装', 'accessories', null, 0.80), ('PS01', '轮胎零售安装', 'parts_sale', null, 0.50),
        ('PS02', '蓄电池零售安装', 'parts_sale', null, 0.30), ('PS03', '易损件零售', 'parts_sale', null, 0.20),
        ('IN01', '保险续保服务', 'insurance', null, 0.30), ('RC01', '召回活动作业', 'recall', null, 1.20),
        ('PD01', '新车交付前检查', 'pdi', null, 1.00)
    ) as listed (service_item_code, service_item_name, group_name, fault_system, standard_hours)
),

keyed as (
    select
        listed.*,
        (row_number() over (order by listed.service_item_code))::integer as item_no,
        coalesce(fault.fault_no, 0) * (listed.group_name = 'repair')::integer as fault_no
    from listed
    left join fault on listed.fault_system = fault.fault_system
)

select
    keyed.*,
    work_group.service_line,
    work_group.price_scale,
    work_group.labour_margin,
    (row_number() over (partition by keyed.group_name, keyed.fault_no order by item_no) - 1)::integer
        as group_rank,
    (count(*) over (partition by keyed.group_name, keyed.fault_no))::integer as group_size
from keyed
inner join work_group on keyed.group_name = work_group.group_name
order by item_no;

create or replace table part as
with listed as (
    select *
    from (
        values
        ('机油滤清器', 'filter', 'maintenance', 0, 85), ('空气滤清器', 'filter', 'maintenance', 0, 130),
        ('空调滤清器', 'filter', 'maintenance', 0, 160), ('全合成机油', 'fluid', 'maintenance', 0, 165),
        ('制动液', 'fluid', 'maintenance', 0, 120), ('防冻液', 'fluid', 'maintenance', 0, 140),
        ('雨刮片', 'other', 'maintenance', 0, 180), ('火花塞', 'electrical', 'repair', 1, 190),
        ('点火线圈', 'electrical', 'repair', 1, 420), ('水泵', 'other', 'repair', 1, 980),
        ('正时链条组件', 'other', 'repair', 1, 2400), ('前制动片', 'brake', 'repair', 2, 680),
        ('后制动片', 'brake', 'repair', 2, 560), ('前制动盘', 'brake', 'repair', 2, 890),
        ('制动分泵', 'brake', 'repair', 2, 640), ('发电机', 'electrical', 'repair', 3, 2650),
        ('车身控制模块', 'electrical', 'repair', 3, 1850), ('轮速传感器', 'electrical', 'repair', 3, 380),
        ('离合器总成', 'other', 'repair', 4, 3200), ('变速箱油滤', 'filter', 'repair', 4, 330),
        ('半轴防尘套', 'other', 'repair', 4, 280), ('减振器', 'other', 'repair', 5, 920),
        ('下摆臂', 'other', 'repair', 5, 780), ('轮毂轴承', 'other', 'repair', 5, 650),
        ('空调压缩机', 'other', 'repair', 6, 2900), ('鼓风机', 'electrical', 'repair', 6, 620),
        ('制冷剂', 'fluid', 'repair', 6, 150), ('玻璃升降器', 'body', 'repair', 7, 540),
        ('前保险杠', 'body', 'body', 0, 1650), ('后保险杠', 'body', 'body', 0, 1480),
        ('前大灯', 'electrical', 'body', 0, 3100), ('翼子板', 'body', 'body', 0, 1150),
        ('油漆材料', 'other', 'body', 0, 320), ('后视镜', 'body', 'body', 0, 870),
        ('镀晶套装', 'accessory', 'accessories', 0, 880),
        ('车窗膜', 'accessory', 'accessories', 0, 760), ('脚垫', 'accessory', 'accessories', 0, 420),
        ('行车记录仪', 'accessory', 'accessories', 0, 690), ('轮胎', 'tyre', 'parts_sale', 0, 950),
        ('高性能轮胎', 'tyre', 'parts_sale', 0, 1480), ('蓄电池', 'battery', 'parts_sale', 0, 1050),
        ('启停蓄电池', 'battery', 'parts_sale', 0, 1580), ('召回更换件', 'other', 'recall', 0, 300)
    ) as listed (part_name, part_category, group_name, fault_no, list_price)
),

keyed as (
    select
        listed.*,
        (row_number() over ())::integer as part_index
    from listed
)

select
    keyed.*,
    'P' || lpad((10000 + keyed.part_index * 37)::varchar, 6, '0') as part_no,
    work_group.price_scale,
    work_group.part_margin,
    round(keyed.list_price * 100)::bigint as list_price_cents,
    round(keyed.list_price * 100 * (1 - work_group.part_margin))::bigint as unit_cost_cents,
    case when list_price < 250 then 'A' when list_price < 900 then 'B' else 'C' end as abc_class,
    (row_number() over (partition by keyed.group_name, keyed.fault_no order by part_index) - 1)::integer
        as group_rank,
    (count(*) over (partition by keyed.group_name, keyed.fault_no))::integer as group_size,
    -- what a store never keeps on the shelf is bought for each order
    keyed.list_price < 2300 as is_stocked
from keyed
inner join work_group on keyed.group_name = work_group.group_name
order by part_index;
