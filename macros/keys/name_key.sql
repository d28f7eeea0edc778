{#
  A name as it is compared: lower case, without blanks, middle dots and courtesy titles, brackets of
  one width. Nothing else is guessed: two spellings of a name stay two names.
#}
{% macro name_key(name) -%}
    {%- set replacements = [
        (' ', ''), ('　', ''), ('·', ''), ('.', ''), ('-', ''), ('（', '('), ('）', ')'),
        ('先生', ''), ('女士', ''), ('小姐', ''),
    ] -%}
    {%- set expression = namespace(sql='lower(' ~ name ~ ')') -%}
    {%- for old, new in replacements -%}
        {%- set expression.sql = "replace(" ~ expression.sql ~ ", '" ~ old ~ "', '" ~ new ~ "')" -%}
    {%- endfor -%}
    nullif({{ expression.sql }}, '')
{%- endmacro %}
