select
    verdict.*,
    (select count(*) from marts.dim_store) as store_count
from quality.dq_verdict as verdict
