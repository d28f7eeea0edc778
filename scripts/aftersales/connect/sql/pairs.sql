-- All evidence of a pair put together: each kind independent of the others, none ever certain.
create or replace temporary table pairs as
with

weights as (
    select map(list(code), list(value)) as weight from limits
),

typed as (
    select
        profiles.table_number, profiles.source_column, facts.raw_table, facts.column_name,
        facts.shape, facts.code_list, facts.is_key, facts.data_type, facts.typical_low,
        profiles.shapes, profiles.is_unique, profiles.top_values, profiles.value_kind,
        -- A value that cannot be read as the contract's type rules the pair out.
        case
            when profiles.value_kind = 'empty' then true
            when facts.data_type in ('timestamp', 'date') then profiles.value_kind = 'date'
            when facts.data_type = 'integer' then
                profiles.value_kind = 'integer'
                or (profiles.value_kind = 'number' and facts.typical_low is not null)
            when facts.data_type like 'numeric%' then profiles.value_kind in ('integer', 'number')
            when facts.data_type = 'boolean' then profiles.distinct_values <= 2
            when profiles.value_kind = 'date' then
                list_contains(profiles.shapes, 'integer') and not profiles.has_time
            else true
        end
        and (
            coalesce(facts.shape, '') not in ('vin', 'plate')
            or list_contains(profiles.shapes, facts.shape)
            or profiles.value_kind = 'empty'
        )
        and (
            facts.code_list is null or profiles.top_values is not null
            or profiles.value_kind = 'empty'
        )
        as fits
    from profiles
    cross join facts
),

evidence as (
    select
        typed.*,
        name_scores.score as name_score, name_scores.word, name_scores.language,
        coalesce(list_contains(typed.shapes, typed.shape), false) as has_shape,
        code_scores.share as code_share, code_scores.matched as code_matches,
        unit_scores.unit, unit_scores.median_number, unit_scores.is_unit_sure,
        unit_scores.fitting_units,
        reference.to_table, reference.to_column, reference.score as reference_score,
        typed.is_key and typed.is_unique as is_like_key,
        typed.is_key and referenced.source_column is not null as is_referenced
    from typed
    left join name_scores using (table_number, source_column, raw_table, column_name)
    left join code_scores using (table_number, source_column, code_list)
    left join unit_scores using (table_number, source_column, raw_table, column_name)
    left join reference_scores as reference
        using (table_number, source_column, column_name)
    left join (
        select distinct to_table as table_number, to_column as source_column
        from found_references
        where certainty = 1
    ) as referenced using (table_number, source_column)
    where typed.fits
)

select
    evidence.*,
    1
    - (1 - weight['name'] * coalesce(name_score, 0))
    * (1 - weight['shape'] * cast(has_shape as integer)
        * case when shape in ('vin', 'plate', 'phone') then 1 else 0.3 end)
    * (1 - weight['code'] * coalesce(code_share, 0))
    * (1 - weight['reference'] * coalesce(reference_score, 0))
    * (1 - weight['key'] * cast(is_like_key as integer))
    * (1 - weight['referenced'] * cast(is_referenced as integer))
    * (1 - weight['magnitude'] * cast(unit is not null as integer))
    * (1 - weight['type'])
    as confidence
from evidence
cross join weights
where
    coalesce(name_score, 0) > 0 or has_shape or code_share > 0 or reference_score > 0;

create or replace temporary table table_names as
select sources.table_number, spelled_tables.raw_table,
    max(case
        when squashed(sources.source_table) = spelled_tables.squashed then 1.0
        when tokens_of(sources.source_table) = spelled_tables.tokens then 0.97
        when len(list_intersect(tokens_of(sources.source_table), spelled_tables.tokens)) > 0
            then 0.7 * len(list_intersect(tokens_of(sources.source_table), spelled_tables.tokens))
            / len(list_distinct(tokens_of(sources.source_table) || spelled_tables.tokens))
        when length(spelled_tables.squashed) >= 2
            and contains(squashed(sources.source_table), spelled_tables.squashed)
            then 0.6 * length(spelled_tables.squashed) / length(squashed(sources.source_table))
        else 0.0
    end) as score
from (select distinct table_number, source_table from profiles) as sources
cross join spelled_tables
group by all;
