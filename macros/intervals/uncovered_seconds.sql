{#
  The part of an interval, in seconds, that no earlier interval has covered. `covered_until` is the
  running maximum of the ends of the intervals before it in the order of their starts (NULL for the
  first). Summed over a set of intervals it gives the length of their union: overlapping, nested and
  identical intervals count once, touching ones add up.
#}
{% macro uncovered_seconds(start_second, end_second, covered_until) -%}
    greatest(
        {{ end_second }} - greatest({{ start_second }}, coalesce({{ covered_until }}, {{ start_second }})),
        0
    )
{%- endmacro %}
