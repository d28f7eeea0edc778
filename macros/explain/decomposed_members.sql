{#
  The one definition of a contribution: what each member of a dimension added to the change of a
  metric, split into rate and mix, with nothing left over.

  CTEs `weighed_members`, `rated_members`, `decomposed_members` over `relation`, a row for a member
  and a comparison, which has: denominator_kind, factor, the sums of the member (base_numerator,
  base_denominator, current_numerator, current_denominator; zero, not empty, where the member is not
  there) and those of the scope (the same with total_ before). `total_denominator`s are empty for a
  plain sum. Adds, per member:

    base_share, current_share   share in the sum below the line, s
    base_rate, current_rate     value of the member, r
    base_total, current_total   value of the scope, R
    contribution                rate_effect + mix_effect; over all members they give the change of R

  For a member with a denominator of its own (Marshall-Edgeworth, means of the two sides):

    rate_effect = mean(s) x (r1 - r0)          mix_effect = (s1 - s0) x (mean(r) - mean(R))

  A member on one side only has the rate of that side on both: it is all mix. What a member has above
  the line without anything below it (a complaint without a visit) counts as rate: so rate_effect is
  written as the contribution less the mix, which is the same wherever a rate is known. Members that
  share the denominator of the scope only have a rate effect. A plain sum is the plain difference.
#}
{% macro decomposed_members(relation) -%}
weighed_members as (
    select
        *,
        case
            when denominator_kind = 'member'
                then
                    cast(base_denominator as {{ double_type() }})
                    / cast(nullif(total_base_denominator, 0) as {{ double_type() }})
        end as base_share,
        case
            when denominator_kind = 'member'
                then
                    cast(current_denominator as {{ double_type() }})
                    / cast(nullif(total_current_denominator, 0) as {{ double_type() }})
        end as current_share,
        case
            when denominator_kind = 'member'
                then {{ metric_ratio('base_numerator', 'base_denominator', 'factor') }}
        end as base_rate,
        case
            when denominator_kind = 'member'
                then {{ metric_ratio('current_numerator', 'current_denominator', 'factor') }}
        end as current_rate,
        {{ metric_ratio('base_numerator', 'total_base_denominator', 'factor') }} as base_part,
        {{ metric_ratio('current_numerator', 'total_current_denominator', 'factor') }}
            as current_part,
        {{ metric_ratio('total_base_numerator', 'total_base_denominator', 'factor') }}
            as base_total,
        {{ metric_ratio('total_current_numerator', 'total_current_denominator', 'factor') }}
            as current_total
    from {{ relation }}
),

rated_members as (
    select
        *,
        (coalesce(base_rate, current_rate) + coalesce(current_rate, base_rate)) / 2 as mean_rate,
        (base_total + current_total) / 2 as mean_total
    from weighed_members
),

decomposed_members as (
    select
        *,
        case denominator_kind
            when 'sum'
                then cast(current_numerator - base_numerator as {{ double_type() }})
            when 'whole'
                then current_part - base_part
            else
                (current_part - base_part) - mean_total * (current_share - base_share)
        end as contribution,
        case denominator_kind
            when 'whole' then 0
            when 'member'
                then coalesce((current_share - base_share) * (mean_rate - mean_total), 0)
        end as mix_effect,
        case denominator_kind
            when 'whole'
                then current_part - base_part
            when 'member'
                then
                    (current_part - base_part) - mean_total * (current_share - base_share)
                    - coalesce((current_share - base_share) * (mean_rate - mean_total), 0)
        end as rate_effect
    from rated_members
)
{%- endmacro %}
