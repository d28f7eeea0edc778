{# Whether one amount is `factor` times the other one, either way round, up to a tolerance in percent. #}
{% macro is_near(left_amount, right_amount, factor, tolerance_pct) -%}
    {%- set left = 'cast(' ~ left_amount ~ ' as ' ~ double_type() ~ ')' -%}
    {%- set right = 'cast(' ~ right_amount ~ ' as ' ~ double_type() ~ ')' -%}
    {%- set times = 'cast(' ~ factor ~ ' as ' ~ double_type() ~ ')' -%}
    {%- set share = 'cast(' ~ tolerance_pct ~ ' as ' ~ double_type() ~ ') * 0.01' -%}
    (
        {{ left_amount }} <> 0
        and {{ right_amount }} <> 0
        and (
            abs({{ left }} - {{ right }} * {{ times }}) <= abs({{ left }}) * {{ share }}
            or abs({{ right }} - {{ left }} * {{ times }}) <= abs({{ right }}) * {{ share }}
        )
    )
{%- endmacro %}
