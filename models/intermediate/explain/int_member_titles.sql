with

dimensions as (
    select * from {{ ref('explain_dimensions') }}
    where valid_to is null
),

code_values as (
    select * from {{ ref('code_values') }}
    where valid_to is null
),

order_types as (
    select * from {{ ref('order_types') }}
    where valid_to is null
),

service_items as (
    select * from {{ ref('dim_service_item') }}
),

stores as (
    select * from {{ ref('dim_store') }}
),

final as (
    select
        dimensions.dimension_code,
        code_values.code as member_code,
        code_values.title_zh,
        code_values.title_en
    from dimensions
    inner join code_values on dimensions.code_list = code_values.code_list

    union all

    select
        'order_type' as dimension_code,
        order_type as member_code,
        title_zh,
        title_en
    from order_types

    union all

    select
        'service_item' as dimension_code,
        service_item_key as member_code,
        service_item_name as title_zh,
        service_item_name as title_en
    from service_items

    union all

    select
        'store' as dimension_code,
        store_key as member_code,
        store_name as title_zh,
        store_name as title_en
    from stores

    union all

    select
        dimension_code,
        {{ no_member() }} as member_code,
        none_title_zh as title_zh,
        none_title_en as title_en
    from dimensions
    where none_title_zh is not null
)

select * from final
