select defect_kind, system, table_name, extract, natural_key, store_id, column_name, detail
from planted_defect
order by defect_kind, system, table_name, extract, natural_key, column_name, detail
