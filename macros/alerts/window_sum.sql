{# The sum of a column over a window: its running total at the window's last day minus the one on the day
   before its first. #}
{% macro window_sum(name, last_day, day_before) -%}
    ({{ last_day }}.running_{{ name }} - coalesce({{ day_before }}.running_{{ name }}, 0))
{%- endmacro %}
