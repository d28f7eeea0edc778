"""The aftersales warehouse: conducts landing, build, audit, publication and serving."""
