{# Whether a text is empty or has the form of a mainland plate: province, letter, five characters (six for
   new energy vehicles), without I and O. #}
{% macro is_plate(plate_no) -%}
    coalesce(
        {{ matches(
            plate_no,
            '^[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]'
            ~ '[A-HJ-NP-Z][A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳]$'
        ) }},
        true
    )
{%- endmacro %}
