-- Each pattern, and where it asks for a look.
select
    detectors.detector_code,
    detectors.title_zh,
    detectors.title_en,
    detectors.question_zh,
    detectors.question_en,
    signals.scope_kind,
    signals.store_key,
    coalesce(stores.store_name, signals.store_key) as store_name,
    signals.advisor_key,
    signals.month_start_on,
    signals.base_count,
    signals.observed_count,
    signals.expected_count,
    signals.strength,
    signals.owner
from reference.gaming_detectors as detectors
left join marts.fct_gaming_signals as signals
    on detectors.detector_code = signals.detector_code and signals.asks_for_look
left join marts.dim_store as stores on signals.store_key = stores.store_key
where detectors.valid_to is null
order by
    detectors.detector_order,
    signals.month_start_on desc,
    signals.strength desc,
    signals.signal_key
