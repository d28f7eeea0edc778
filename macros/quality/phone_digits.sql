{#
  The eleven digits of a mainland mobile number as people write it (+86, 0086, blanks, dashes), NULL when
  nobody can be reached under it: another length, another prefix, or eight zeros keyed to fill the field.
#}
{% macro phone_digits(phone) -%}
    {%- set digits = phone -%}
    {%- for noise in [' ', '-', '.', '(', ')', '+'] -%}
        {%- set digits = "replace(" ~ digits ~ ", '" ~ noise ~ "', '')" -%}
    {%- endfor -%}
    case
        when
            {{ matches(digits, '^(00)?(86)?1[3-9][0-9]{9}$') }}
            and not {{ matches(digits, '0{8}$') }}
            then right({{ digits }}, 11)
    end
{%- endmacro %}
