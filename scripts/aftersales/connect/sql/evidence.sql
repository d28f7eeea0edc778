-- How much each column of the source looks like each column of the contract, and why.
create or replace temporary table named_columns as
select
    table_number, source_column,
    squashed(plain_name) as squashed,
    tokens_of(plain_name) as tokens,
    -- `id` of `client` is a client's id: the name of the table stands before short names.
    tokens_of(source_table || '_' || plain_name) as tokens_in_table
from (
    -- 总金额(万元): what stands in brackets is no part of the name.
    select *, regexp_replace(source_column, '[(（\[【][^)）\]】]*[)）\]】]', '', 'g') as plain_name
    from profiles
);

create or replace temporary table name_scores as
with

compared as (
    select
        named_columns.table_number, named_columns.source_column,
        spelled_columns.raw_table, spelled_columns.column_name,
        spelled_columns.word, spelled_columns.language,
        case
            when named_columns.squashed = spelled_columns.squashed and spelled_columns.is_ambiguous
                then alike.ambiguous_letters
            when named_columns.squashed = spelled_columns.squashed then 1.0
            when named_columns.tokens = spelled_columns.tokens then 0.97
            when named_columns.tokens_in_table = spelled_columns.tokens then 0.92
            when
                length(named_columns.squashed) >= 5 and length(spelled_columns.squashed) >= 5
                and spelled_columns.language <> 'pinyin'
                and jaro_winkler_similarity(named_columns.squashed, spelled_columns.squashed)
                    >= alike.value
                then 0.8 * jaro_winkler_similarity(
                    named_columns.squashed, spelled_columns.squashed
                )
            when spelled_columns.language in ('en', 'own', 'de')
                then 0.7 * len(list_intersect(named_columns.tokens, spelled_columns.tokens))
                    / len(list_distinct(named_columns.tokens || spelled_columns.tokens))
            else 0.0
        end as score
    from named_columns
    cross join spelled_columns
    cross join (
        select
            max(value) filter (where code = 'similar_name') as value,
            max(value) filter (where code = 'ambiguous_letters') as ambiguous_letters
        from limits
    ) as alike
)

select table_number, source_column, raw_table, column_name,
    max(score) as score, arg_max(word, score) as word, arg_max(language, score) as language
from compared
group by all
having max(score) > 0;

create or replace temporary table code_scores as
with

values_seen as (
    select table_number, source_column, unnest(top_values, recursive := true)
    from profiles
    where top_values is not null
),

known as (
    select values_seen.table_number, values_seen.source_column, spelled_codes.code_list,
        values_seen.value, any_value(values_seen.times) as times,
        min(spelled_codes.code) as code, count(distinct spelled_codes.code) as candidates
    from values_seen
    inner join spelled_codes on lower(values_seen.value) = spelled_codes.word
    group by all
),

totals as (
    select table_number, source_column, count(*) as seen, sum(times) as rows_seen
    from values_seen
    group by all
)

select known.table_number, known.source_column, known.code_list,
    -- By distinct values and by rows: a rare misspelling weighs little, and so does one lucky hit.
    (count(*) / any_value(totals.seen) + sum(known.times) / any_value(totals.rows_seen)) / 2
        as share,
    list({'value': known.value, 'code': known.code} order by known.times desc, known.value)
        as matched
from known
inner join totals using (table_number, source_column)
where known.candidates = 1
group by all;

-- What a unit makes of the middle value, where the contract says what is usual. 千元 and 万元 are too
-- near to each other for that; but money to the cent, or to the yuan, tells them by its decimals.
create or replace temporary table unit_scores as
with

units as (
    select * from (values
        ('money', '元', 1.0, [0, 1, 2]), ('money', '万元', 10000.0, [4, 6]),
        ('money', '分', 0.01, [0]), ('money', '千元', 1000.0, [3, 5]),
        ('hours', '小时', 1.0, [0, 1, 2]), ('hours', '分钟', 1.0 / 60, [0, 1, 2]),
        ('hours', '秒', 1.0 / 3600, [0, 1, 2]),
        ('', '', 1.0, [])
    ) as listed (quantity, unit, factor, decimals)
),

fitting as (
    select
        profiles.table_number, profiles.source_column, facts.raw_table, facts.column_name,
        units.unit, profiles.median_number,
        units.factor = 1 as is_own_unit,
        list_contains(units.decimals, profiles.most_decimals) as has_decimals,
        length(units.unit) > 1 and contains(profiles.source_column, units.unit) as is_named,
        abs(ln(units.factor)) as distance
    from profiles
    inner join facts on facts.typical_low is not null
    inner join units
        on units.quantity = case when facts.shape in ('money', 'hours') then facts.shape else '' end
    where
        profiles.numbers >= 0.9 * profiles.distinct_values and profiles.distinct_values > 0
        and profiles.median_number * units.factor between facts.typical_low and facts.typical_high
)

select
    table_number, source_column, raw_table, column_name,
    -- The contract's own unit is taken whenever it fits.
    first(unit order by is_named desc, is_own_unit desc, has_decimals desc, distance) as unit,
    bool_or(is_own_unit or is_named) or count(*) = 1
    or count(*) filter (where has_decimals) = 1 as is_unit_sure,
    list(unit order by distance) as fitting_units,
    any_value(median_number) as median_number
from fitting
group by all;
