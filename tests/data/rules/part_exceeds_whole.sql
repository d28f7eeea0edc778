{{ config(meta={'rule_id': 'part_exceeds_whole'}) }}
-- No count of a store-day exceeds the count it is a part of: visits and orders, shown and due, on
-- time and promised, comebacks and eligible orders, answers and surveys, passed and checked.
-- Each pair is numerator and denominator of a ratio, which would leave 0 to 100 %.
-- Not judged: whether the ratio is plausible.

with

fct_store_day as (
    select * from {{ ref('fct_store_day') }}
),

final as (
    select
        store_key as store_id,
        business_on,
        {{ key(['store_key', 'business_on']) }} as row_key,
        case
            when visit_count > order_count
                then 'visit_count above order_count'
            when new_customer_visit_count > visit_count
                then 'new_customer_visit_count above visit_count'
            when closed_order_count > order_count
                then 'closed_order_count above order_count'
            when package_order_count > package_eligible_order_count
                then 'package_order_count above package_eligible_order_count'
            when on_time_order_count > promised_closed_order_count
                then 'on_time_order_count above promised_closed_order_count'
            when comeback_order_count > comeback_eligible_order_count
                then 'comeback_order_count above comeback_eligible_order_count'
            when strict_fixed_order_count > comeback_eligible_order_count
                then 'strict_fixed_order_count above comeback_eligible_order_count'
            when survey_response_count > survey_sent_count
                then 'survey_response_count above survey_sent_count'
            when nps_response_count > survey_response_count
                then 'nps_response_count above survey_response_count'
            when appointment_show_count > appointment_due_count
                then 'appointment_show_count above appointment_due_count'
            when parts_shelf_line_count > parts_demand_line_count
                then 'parts_shelf_line_count above parts_demand_line_count'
            when parts_lost_line_count > parts_demand_line_count
                then 'parts_lost_line_count above parts_demand_line_count'
            when quality_first_pass_order_count > quality_checked_order_count
                then 'quality_first_pass_order_count above quality_checked_order_count'
            when paper_order_count > order_count
                then 'paper_order_count above order_count'
        end as detail
    from fct_store_day
    where
        visit_count > order_count
        or new_customer_visit_count > visit_count
        or closed_order_count > order_count
        or package_order_count > package_eligible_order_count
        or on_time_order_count > promised_closed_order_count
        or comeback_order_count > comeback_eligible_order_count
        or strict_fixed_order_count > comeback_eligible_order_count
        or survey_response_count > survey_sent_count
        or nps_response_count > survey_response_count
        or appointment_show_count > appointment_due_count
        or parts_shelf_line_count > parts_demand_line_count
        or parts_lost_line_count > parts_demand_line_count
        or quality_first_pass_order_count > quality_checked_order_count
        or paper_order_count > order_count
)

select * from final
