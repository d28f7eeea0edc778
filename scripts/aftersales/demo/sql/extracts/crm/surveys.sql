select
    'SV' || order_no as survey_id, store_id, repair_order_no,
    ['sms', 'wechat', 'wechat', 'phone'][1 + pick(k, 'survey channel', 4)] as survey_channel,
    at_utc(sent_s) as sent_at,
    case when known(responded_s) then at_utc(responded_s) end as responded_at,
    case when known(responded_s) then nps end as nps_score,
    case when known(responded_s) then csi::decimal(5, 2) end as csi_score,
    case when known(responded_s) then satisfaction end as satisfaction_score,
    case when known(responded_s) then reason_code end as reason_code,
    at_utc(case when known(responded_s) then responded_s else sent_s end) as updated_at,
    order_no as _sort, 0 as _sort_2, hash(xor(k, 4::ubigint)) as _k, store_id as _store_id,
    'SV' || order_no as _key
from w_survey
where in_window(sent_s) or in_window(responded_s)
