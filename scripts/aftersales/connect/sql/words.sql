-- Names as they are compared: in tokens that mean the same, and squashed.
create or replace temporary macro snake(name) as
    trim(regexp_replace(lower(regexp_replace(name, '([a-z0-9])([A-Z])', '\1_\2', 'g')),
        '[^a-z0-9\x{4E00}-\x{9FFF}]+', '_', 'g'), '_');

create or replace temporary macro squashed(name) as replace(snake(name), '_', '');

set variable token_meanings = (select map(list(token), list(means)) from name_tokens);

create or replace temporary macro meaning(token) as coalesce(
    getvariable('token_meanings')[token],
    getvariable('token_meanings')[rtrim(token, 's')],
    token
);

create or replace temporary macro tokens_of(name) as list_sort(list_distinct(list_transform(
    list_filter(string_split(snake(name), '_'), lambda one: one <> ''),
    lambda one: meaning(one)
)));

create or replace temporary table spelled_columns as
with

listed as (
    select raw_table, column_name, unnest(string_split(words, '|')) as word, language
    from column_words
),

matched as (
    select contract_columns.raw_table, contract_columns.column_name, listed.word, listed.language
    from contract_columns
    inner join listed
        on contract_columns.column_name = listed.column_name
        and contract_columns.raw_table glob listed.raw_table
),

own as (
    select raw_table, column_name, column_name as word, 'own' as language from contract_columns
),

letters as (
    select raw_table, column_name, word, unnest(pinyin_forms(word)) as spelled
    from matched
    where language = 'zh'
),

everything as (
    select raw_table, column_name, word, word as spelled, language from matched
    union all by name
    select raw_table, column_name, word, word as spelled, language from own
    union all by name
    select raw_table, column_name, word, spelled, 'pinyin' as language from letters
)

select distinct
    raw_table, column_name, word, language,
    squashed(spelled) as squashed, tokens_of(spelled) as tokens,
    language = 'pinyin'
    and min(column_name) over same_letters <> max(column_name) over same_letters as is_ambiguous
from everything
window same_letters as (partition by raw_table, language, squashed(spelled));

create or replace temporary table spelled_tables as
with

listed as (
    select raw_table, unnest(string_split(words, '|')) as word, language from table_words
    union all by name
    select distinct raw_table, split_part(raw_table, '.', 2) as word, 'own' as language
    from contract_columns
),

letters as (
    select raw_table, word, unnest(pinyin_forms(word)) as spelled
    from (
        -- 门店 is the table 门店信息 or 门店档案 as well.
        select raw_table, unnest([word, word || '信息', word || '档案', word || '表']) as word
        from listed
        where language = 'zh'
    )
)

select distinct raw_table, word, squashed(spelled) as squashed, tokens_of(spelled) as tokens
from (
    select raw_table, word, word as spelled from listed
    union all by name
    select raw_table, word, spelled from letters
);

create or replace temporary table spelled_codes as
select distinct code_list, code, lower(trim(word)) as word
from (
    select code_list, code, unnest([code, replace(code, '_', ' '), title_zh, title_en]) as word
    from contract_codes
    union all by name
    select code_list, code, unnest(string_split(words, '|')) as word from code_words
    union all by name
    -- 个 for 个人: the first character of a title, where no other title of the list begins so.
    select code_list, min(code) as code, left(title_zh, 1) as word
    from contract_codes
    group by code_list, left(title_zh, 1)
    having count(distinct code) = 1
)
where word <> '';
