{# No two rows of a model share the columns of its grain, and none of these is empty. #}
{% test unique_grain(model, grain) %}
    select
        {{ grain | join(', ') }},
        count(*) as row_count
    from {{ model }}
    group by {{ grain | join(', ') }}
    having
        count(*) > 1
        {%- for column_name in grain %}
        or {{ column_name }} is null
        {%- endfor %}
{% endtest %}
