-- What the values of every sampled column look like. `cells` holds each distinct value once.
create or replace temporary table counted as
select
    source_columns.table_number, source_columns.source_table, source_columns.source_column,
    source_columns.position, source_columns.declared_type, source_columns.rows,
    coalesce(sum(cells.times), 0) as filled,
    count(cells.value) as distinct_values,
    min(cells.value) as lowest,
    max(cells.value) as highest,
    max(length(cells.value)) as longest,
    -- Of numbers the middle and the ends by size, a comma parts thousands.
    quantile_cont(try_cast(replace(cells.value, ',', '') as double), 0.5) as median_number,
    min(try_cast(replace(cells.value, ',', '') as double)) as lowest_number,
    max(try_cast(replace(cells.value, ',', '') as double)) as highest_number,
    count(try_cast(replace(cells.value, ',', '') as double)) as numbers,
    max(length(rtrim(split_part(cells.value, '.', 2), '0'))) filter (
        where try_cast(cells.value as double) is not null
    ) as most_decimals
from source_columns
left join cells
    on source_columns.table_number = cells.table_number
    and source_columns.source_column = cells.source_column
group by all;

create or replace temporary table looked_at as
select table_number, source_column, value, times
from cells
qualify row_number() over (partition by table_number, source_column order by hash(value)) <= 1000;

-- A pattern that is constant is compiled once: the list of them is written out from shapes.
create or replace temporary table shaped as
select table_number, source_column, unnest([{shapes}], recursive := true)
from looked_at;

create or replace temporary table shape_shares as
select table_number, source_column, shape, avg(cast(has_shape as integer)) as share
from shaped
group by all;

-- A format must be a constant: the list of readings is written out from date_formats.
create or replace temporary table readings as
select table_number, source_column, unnest([{readings}], recursive := true)
from looked_at
where length(value) >= 8 and regexp_matches(value, '^[0-9]');

create or replace temporary table format_shares as
select
    readings.table_number, readings.source_column, date_formats.format, date_formats.read_by,
    avg(cast(coalesce(year(readings.moment) between 1950 and 2100, false) as integer)) as share,
    bool_or(readings.moment <> date_trunc('day', readings.moment)) as has_time
from readings
inner join date_formats using (format)
group by all;

-- The format most values have. Two that fit alike, such as day and month in either order, are both
-- kept: nobody can tell.
create or replace temporary table date_readings as
select
    table_number, source_column,
    list(format order by format) as formats,
    bool_and(read_by = 'year') as is_read_as_it_is,
    any_value(share) as share,
    bool_or(has_time) as has_time
from (
    select format_shares.*
    from format_shares
    inner join limits on limits.code = 'shape_share'
    where share >= limits.value
    qualify share = max(share) over (partition by table_number, source_column)
)
group by all;

create or replace temporary table profiles as
select
    counted.*,
    counted.filled = counted.rows and counted.distinct_values = counted.rows and counted.rows > 1
        as is_unique,
    coalesce(named.shapes, []) as shapes,
    date_readings.formats, date_readings.is_read_as_it_is, date_readings.has_time,
    case
        when counted.filled = 0 then 'empty'
        when date_readings.formats is not null then 'date'
        when list_contains(named.shapes, 'integer') then 'integer'
        when list_contains(named.shapes, 'number') then 'number'
        else 'text'
    end as value_kind,
    top_values.top_values
from counted
left join (
    select table_number, source_column, list(shape order by shape) as shapes
    from shape_shares
    inner join limits on limits.code = 'shape_share' and shape_shares.share >= limits.value
    group by all
) as named using (table_number, source_column)
left join date_readings using (table_number, source_column)
left join (
    select cells.table_number, cells.source_column,
        list({'value': cells.value, 'times': cells.times} order by cells.times desc, cells.value)
            as top_values
    from cells
    inner join counted using (table_number, source_column)
    inner join limits as most on most.code = 'most_codes'
    where counted.distinct_values <= most.value
    group by all
) as top_values using (table_number, source_column)
order by counted.table_number, counted.position;

-- Columns whose values are found in the key of another table.
create or replace temporary table found_references as
with

keys as (
    select table_number, source_column
    from profiles
    where is_unique and value_kind in ('integer', 'text')
),

pairs as (
    select
        cells.table_number, cells.source_column,
        target.table_number as to_table, target.source_column as to_column,
        count(*) as matched
    from cells
    inner join cells as target
        on cells.value = target.value and cells.table_number <> target.table_number
    inner join keys
        on target.table_number = keys.table_number and target.source_column = keys.source_column
    group by all
),

shares as (
    select pairs.*, pairs.matched / profiles.distinct_values as share
    from pairs
    inner join profiles using (table_number, source_column)
    where profiles.distinct_values > 1
)

select shares.*,
    -- Small numbers are found in the key of every table: the more tables, the less it says.
    1 / count(*) over (partition by shares.table_number, shares.source_column) as certainty
from shares
inner join limits on limits.code = 'reference_share'
where shares.share >= limits.value;
