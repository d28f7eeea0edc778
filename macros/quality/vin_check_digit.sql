{#
  The check digit that position 9 of a well-formed VIN must show (GB 16735, ISO 3779): letters become digits,
  each place has a weight, the weighted sum is taken modulo 11 and 10 is written X. NULL for a malformed VIN.
#}
{% macro vin_check_digit(vin) -%}
    {%- set weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2] -%}
    {%- set digits = "translate(" ~ vin ~ ", 'ABCDEFGHJKLMNPRSTUVWXYZ', '12345678123457923456789')" -%}
    {%- set terms = [] -%}
    {%- for weight in weights -%}
        {%- if weight -%}
            {%- set digit = try_cast('substring(' ~ digits ~ ', ' ~ loop.index ~ ', 1)', 'integer') -%}
            {%- do terms.append(digit ~ ' * ' ~ weight) -%}
        {%- endif -%}
    {%- endfor -%}
    substring('0123456789X', ({{ terms | join(' + ') }}) % 11 + 1, 1)
{%- endmacro %}
