{#-
  Whether a metric can be known, by store, region and network: everything it is made of has a source
  that has delivered. What cannot be known is empty in fct_store_day and fct_store_month; here is why.
-#}
with

stores as (
    select * from {{ ref('dim_store') }}
),

part_needs as (
    select * from {{ ref('part_needs') }}
    where valid_to is null
),

source_landings as (
    select * from {{ ref('int_source_landings') }}
),

metric_parts as (
    {%- for metric, columns in metric_columns().items() %}
        {%- for column in columns %}
            select
                '{{ metric }}' as metric_code,
                '{{ column }}' as part_name
            {%- if not loop.last %}

                union all
            {% endif %}
        {%- endfor %}
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

metrics as (
    select distinct metric_code from metric_parts
),

metric_needs as (
    select distinct
        metric_parts.metric_code,
        part_needs.system,
        part_needs.table_name,
        coalesce(part_needs.column_name, '') as column_name,
        part_needs.need_scope
    from metric_parts
    inner join part_needs on metric_parts.part_name = part_needs.part_name
),

judged as (
    select
        metric_needs.metric_code,
        source_landings.store_key,
        source_landings.is_landed,
        source_landings.first_batch_on,
        source_landings.last_batch_on,
        source_landings.system || '.' || source_landings.table_name
        || case
            when source_landings.column_name = '' then '' else '.' || source_landings.column_name
        end as source_name
    from metric_needs
    inner join source_landings
        on
            metric_needs.system = source_landings.system
            and metric_needs.table_name = source_landings.table_name
            and metric_needs.column_name = source_landings.column_name
            and metric_needs.need_scope = source_landings.need_scope
),

needed as (
    select
        metric_code,
        store_key,
        count(distinct case when is_landed then null else source_name end) as missing_count,
        min(case when is_landed then null else source_name end) as missing_source,
        max(first_batch_on) as first_batch_on,
        min(last_batch_on) as last_batch_on
    from judged
    group by metric_code, store_key
),

store_metrics as (
    select
        metrics.metric_code,
        stores.store_key,
        stores.region_name,
        coalesce(needed.missing_count, 0) as missing_count,
        needed.missing_source,
        case when needed.missing_count = 0 then needed.first_batch_on end as first_batch_on,
        case when needed.missing_count = 0 then needed.last_batch_on end as last_batch_on
    from metrics
    cross join stores
    left join needed
        on metrics.metric_code = needed.metric_code and stores.store_key = needed.store_key
),

scopes as (
    select
        metric_code,
        'store' as scope_kind,
        store_key as scope_key,
        store_key,
        region_name,
        1 as store_count,
        case when missing_count = 0 then 1 else 0 end as known_store_count,
        missing_count,
        missing_source,
        first_batch_on,
        last_batch_on
    from store_metrics

    union all

    select
        metric_code,
        'region' as scope_kind,
        region_name as scope_key,
        cast(null as {{ dbt.type_string() }}) as store_key,
        region_name,
        count(*) as store_count,
        sum(case when missing_count = 0 then 1 else 0 end) as known_store_count,
        max(missing_count) as missing_count,
        min(missing_source) as missing_source,
        min(first_batch_on) as first_batch_on,
        max(last_batch_on) as last_batch_on
    from store_metrics
    group by metric_code, region_name

    union all

    select
        metric_code,
        'network' as scope_kind,
        'network' as scope_key,
        cast(null as {{ dbt.type_string() }}) as store_key,
        cast(null as {{ dbt.type_string() }}) as region_name,
        count(*) as store_count,
        sum(case when missing_count = 0 then 1 else 0 end) as known_store_count,
        max(missing_count) as missing_count,
        min(missing_source) as missing_source,
        min(first_batch_on) as first_batch_on,
        max(last_batch_on) as last_batch_on
    from store_metrics
    group by metric_code
),

final as (
    select
        {{ key(['metric_code', 'scope_kind', 'scope_key']) }} as availability_key,
        metric_code,
        scope_kind,
        scope_key,
        store_key,
        region_name,
        case
            when known_store_count = store_count then 'available'
            when known_store_count = 0 then 'unavailable'
            else 'partial'
        end as availability,
        cast(store_count as {{ dbt.type_int() }}) as store_count,
        cast(known_store_count as {{ dbt.type_int() }}) as known_store_count,
        missing_source,
        cast(missing_count as {{ dbt.type_int() }}) as missing_source_count,
        case
            when known_store_count < store_count
                then
                    cast(store_count - known_store_count as {{ dbt.type_string() }}) || '/'
                    || cast(store_count as {{ dbt.type_string() }}) || ' 家门店从未收到 '
                    || missing_source || ' 的数据'
                    || case
                        when missing_count > 1
                            then
                                '，另缺 '
                                || cast(missing_count - 1 as {{ dbt.type_string() }}) || ' 项'
                        else ''
                    end
        end as reason_zh,
        case
            when known_store_count < store_count
                then
                    'nothing of ' || missing_source || ' has ever landed for '
                    || cast(store_count - known_store_count as {{ dbt.type_string() }}) || ' of '
                    || cast(store_count as {{ dbt.type_string() }}) || ' stores'
                    || case
                        when missing_count > 1
                            then
                                ', and '
                                || cast(missing_count - 1 as {{ dbt.type_string() }})
                                || ' more sources are missing'
                        else ''
                    end
        end as reason_en,
        first_batch_on,
        last_batch_on
    from scopes
)

select * from final
