{# The factorial of a whole number from 0 to 5, as SQL. #}
{% macro factorial(number) -%}
    case {{ number }}
        when 0 then 1 when 1 then 1 when 2 then 2 when 3 then 6 when 4 then 24 when 5 then 120
    end
{%- endmacro %}

{#
  The weight of a subset's value in the Shapley value of one of up to five parts, times factorial(parts):
  positive where the part is in the subset (side 1), negative where it is not.
#}
{% macro shapley_weight(side, subset_size, parts) -%}
    case {{ side }}
        when 1
            then ({{ factorial(subset_size ~ ' - 1') }}) * ({{ factorial(parts ~ ' - ' ~ subset_size) }})
        else
            -1 * ({{ factorial(subset_size) }})
            * ({{ factorial(parts ~ ' - ' ~ subset_size ~ ' - 1') }})
    end
{%- endmacro %}
