{# The metrics of the library over the sums of periods: a ratio whose two sides rest on different sources
   takes the side that more stores know from paired_sums. #}
{% macro paired_metrics() -%}
    {%- set found = [] -%}
    {%- for metric in store_metrics() -%}
        {%- set one = dict(metric) -%}
        {%- for name, pair in paired_sums().items() if metric.code in pair.metrics -%}
            {%- for side in ['numerator', 'denominator'] -%}
                {%- do one.update({
                    side: modules.re.sub('\\b' ~ pair.part ~ '\\b', name, one[side])
                }) -%}
            {%- endfor -%}
        {%- endfor -%}
        {%- do found.append(one) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}
