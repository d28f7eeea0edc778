{#
  Seconds from the local midnight that starts a day to a naive UTC timestamp, cut to the day itself:
  0 for anything before it, 86400 for anything after it.
#}
{% macro second_of_day(date_on, utc_at, utc_offset_minutes) -%}
    least(
        greatest(
            {{ seconds_between("cast(" ~ date_on ~ " as " ~ dbt.type_timestamp() ~ ")", utc_at) }}
            + {{ utc_offset_minutes }} * 60,
            0
        ),
        86400
    )
{%- endmacro %}
