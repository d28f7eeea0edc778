{#
  A phone as people write it, without what only separates: blanks, dashes, dots, brackets, plus.
#}
{% macro phone_text(phone) -%}
    {%- set stripped = namespace(text=phone) -%}
    {%- for noise in [' ', '-', '.', '(', ')', '+'] -%}
        {%- set stripped.text = "replace(" ~ stripped.text ~ ", '" ~ noise ~ "', '')" -%}
    {%- endfor -%}
    {{ stripped.text }}
{%- endmacro %}

{#
  The digits of a phone within the country: without 86, 0086 and the zero before an area code. NULL for
  what is not made of digits.
#}
{% macro phone_national(phone) -%}
    case
        when {{ matches(phone_text(phone), '^[0-9]+$') }}
            then regexp_replace({{ phone_text(phone) }}, '^((00)?86)?0?', '')
    end
{%- endmacro %}

{#
  All rows of a relation with a column `phone`, and with what its phone is:
  - phone_kind: mobile or landline by the ranges given out (seed phone_ranges, from the phonenumbers
    library), masked (middle digits hidden), filler (eight zeros keyed to fill the field), malformed, or
    NULL if there is none;
  - phone_digits: the eleven digits of a mobile, NULL when nobody can be reached under the phone.
  The model has a CTE phone_ranges. Ranges do not overlap, so a phone finds one at most.
#}
{% macro with_phone(relation) %}
    select
        phones.*,
        case when phones.phone_kind = 'mobile' then phones.phone_national end as phone_digits
    from (
        select
            numbers.*,
            case
                when numbers.phone is null then null
                when right(numbers.phone_national, 8) = '00000000' then 'filler'
                when phone_ranges.phone_kind is not null then phone_ranges.phone_kind
                when
                    {{ matches(phone_text('numbers.phone'), '^((00)?86)?1[0-9]{2}[*xX#]+[0-9]+$') }}
                    then 'masked'
                else 'malformed'
            end as phone_kind
        from (
            select
                {{ relation }}.*,
                {{ phone_national(relation ~ '.phone') }} as phone_national
            from {{ relation }}
        ) as numbers
        left join phone_ranges
            on
                left(numbers.phone_national, 2) = left(phone_ranges.phone_prefix, 2)
                and length(numbers.phone_national) = phone_ranges.digit_count
                and left(numbers.phone_national, length(phone_ranges.phone_prefix))
                = phone_ranges.phone_prefix
                and phone_ranges.valid_to is null
    ) as phones
{% endmacro %}
