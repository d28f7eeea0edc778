select *
from quality.dq_row_accounting
order by batch_id desc, system, table_name
limit $limit
