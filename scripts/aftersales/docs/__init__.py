"""The static site: the metric dictionary beside dbt docs and Data Docs."""
