{# A number as people read it: multiplied, rounded to 0, 1 or 2 decimals, as text. #}
{% macro shown_number(value, factor, decimals) -%}
    case {{ decimals }}
        when 0 then cast(cast(round({{ factor }} * {{ value }}, 0) as {{ numeric_type(18, 0) }})
            as {{ dbt.type_string() }})
        when 1 then cast(cast(round({{ factor }} * {{ value }}, 1) as {{ numeric_type(18, 1) }})
            as {{ dbt.type_string() }})
        else cast(cast(round({{ factor }} * {{ value }}, 2) as {{ numeric_type(18, 2) }})
            as {{ dbt.type_string() }})
    end
{%- endmacro %}
