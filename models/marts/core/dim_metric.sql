with

metric_definitions as (
    select * from {{ ref('metric_definitions') }}
),

final as (
    select
        metric_code,
        metric_version,
        metric_status,
        title_zh,
        title_en,
        certified_by,
        certified_on,
        owner,
        valid_from,
        valid_to
    from metric_definitions
)

select * from final
