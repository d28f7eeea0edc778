{#
  The judgement of a staging row. `rules` is a list of [rule_id, consequence, predicate]:
  consequence 'quarantine' keeps the row out of everything downstream, 'flag' marks it and lets it in.
  Gives two columns:
    quarantine_rule_id  the first quarantine rule the row breaks, NULL for a clean row
    flag_rule_ids       every rule the row breaks as '|rule_a|rule_b|', '' for none
  A predicate that is NULL counts as not broken.
#}
{% macro judge(rules) -%}
    {%- set quarantines = rules | selectattr(1, 'equalto', 'quarantine') | list -%}
    {%- if quarantines %}
    case
        {%- for rule in quarantines %}
        when {{ rule[2] }} then '{{ rule[0] }}'
        {%- endfor %}
    end as quarantine_rule_id,
    {%- else %}
    cast(null as {{ dbt.type_string() }}) as quarantine_rule_id,
    {%- endif %}
    {%- if rules %}
    case
        when
            {%- for rule in rules %}
            {% if not loop.first %}or {% endif %}({{ rule[2] }})
            {%- endfor %}
            then '|'
                {%- for rule in rules %}
                || case when {{ rule[2] }} then '{{ rule[0] }}|' else '' end
                {%- endfor %}
        else ''
    end as flag_rule_ids
    {%- else %}
    '' as flag_rule_ids
    {%- endif %}
{%- endmacro %}
