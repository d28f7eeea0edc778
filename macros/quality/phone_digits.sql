{#
  The eleven digits of a mainland mobile number as people write it (+86, 0086, blanks, dashes), NULL when
  nobody can be reached under it: another length, another prefix, or eight zeros keyed to fill the field.
#}
{% macro phone_digits(phone) -%}
    {%- set stripped = namespace(text=phone) -%}
    {%- for noise in [' ', '-', '.', '(', ')', '+'] -%}
        {%- set stripped.text = "replace(" ~ stripped.text ~ ", '" ~ noise ~ "', '')" -%}
    {%- endfor -%}
    case
        when
            {{ matches(stripped.text, '^((00)?86)?1[3-9][0-9]{9}$') }}
            and not {{ matches(stripped.text, '0{8}$') }}
            then right({{ stripped.text }}, 11)
    end
{%- endmacro %}
