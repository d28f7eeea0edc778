{#- Appends the rows of the new batches only: a landed row is judged once. -#}
{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='fail') }}

{%- set columns = [
    'record_key', 'repair_order_no', 'vehicle_id', 'order_type', 'fault_system', 'record_kind',
    'started_at', 'ended_at', 'keyed_at', 'record_amount', 'is_nps_unknown', 'is_csi_unknown',
] -%}
{%- set none_of = {
    'record_key': dbt.type_string(),
    'repair_order_no': dbt.type_string(),
    'vehicle_id': dbt.type_string(),
    'order_type': dbt.type_string(),
    'fault_system': dbt.type_string(),
    'record_kind': dbt.type_string(),
    'started_at': dbt.type_timestamp(),
    'ended_at': dbt.type_timestamp(),
    'keyed_at': dbt.type_timestamp(),
    'record_amount': numeric_type(18, 2),
    'is_nps_unknown': 'boolean',
    'is_csi_unknown': 'boolean',
} -%}
{%- set answered -%}
    (responded_at is not null or nps_score is not null or csi_score is not null)
{%- endset -%}
{#- What each table tells of a broken row that could move a metric. -#}
{%- set tables = {
    'repair_orders': {
        'system': 'dms',
        'record_key': key(['store_id', 'repair_order_no']),
        'repair_order_no': 'repair_order_no',
        'vehicle_id': 'vehicle_id',
        'order_type': 'order_type',
        'fault_system': 'fault_system',
        'record_kind': 'status',
        'started_at': 'opened_at',
        'ended_at': 'closed_at',
        'keyed_at': 'created_at',
        'record_amount': 'total_amount',
    },
    'labour_lines': {
        'system': 'dms',
        'record_key': key(['store_id', 'labour_line_id']),
        'repair_order_no': 'repair_order_no',
        'record_amount': 'labour_amount - coalesce(discount_amount, 0)',
    },
    'part_lines': {
        'system': 'dms',
        'record_key': key(['store_id', 'part_line_id']),
        'repair_order_no': 'repair_order_no',
        'record_amount': 'part_amount - coalesce(discount_amount, 0)',
    },
    'bay_occupancy': {
        'system': 'dms',
        'record_key': key(['store_id', 'occupancy_id']),
        'record_kind': 'occupancy_kind',
        'started_at': 'started_at',
        'ended_at': 'finished_at',
    },
    'clock_events': {
        'system': 'dms',
        'record_key': key(['store_id', 'clock_event_id']),
        'record_kind': 'clock_kind',
        'started_at': 'clocked_on_at',
        'ended_at': 'clocked_off_at',
    },
    'surveys': {
        'system': 'crm',
        'record_key': 'survey_id',
        'started_at': 'coalesce(responded_at, sent_at)',
        'keyed_at': 'least(sent_at, updated_at)',
        'is_nps_unknown': answered ~ ' and (quarantine_rule_id is not null or nps_score is null)',
        'is_csi_unknown': answered ~ ' and (quarantine_rule_id is not null or csi_score is null)',
    },
} -%}

with

error_bounds as (
    select * from {{ ref('error_bounds') }}
),

dq_rules as (
    select * from {{ ref('dq_rules') }}
),

batches as (
    select * from {{ source('control', 'batches') }}
),

limits as (
    select {{ threshold('future_tolerance_days') }} as future_tolerance_days
),

bounding_rules as (
    select distinct
        dq_rules.rule_id,
        dq_rules.table_name,
        '|' || dq_rules.rule_id || '|' as marker
    from dq_rules
    inner join error_bounds on dq_rules.rule_id = error_bounds.rule_id
    where error_bounds.valid_to is null and dq_rules.rule_kind = 'row'
),

-- No time of a row can lie beyond the end of its extract.
new_batches as (
    select
        'stg_' || batches.system || '__' || batches.table_name as table_name,
        batches.batch_id,
        cast(
            {{ add_days('batches.extract_on', '1 + limits.future_tolerance_days') }} as timestamp
        ) as extract_end_at
    from batches
    cross join limits
    where batches.is_new
),

broken_rows as (
    {%- for name, table in tables.items() %}
        select
            'stg_{{ table.system }}__{{ name }}' as table_name,
            _batch_id as batch_id,
            _row_number as row_number,
            store_id,
            quarantine_rule_id,
            flag_rule_ids,
            {%- for column in columns %}
                cast({{ table[column] or 'null' }} as {{ none_of[column] }}) as {{ column }}
                {%- if not loop.last %},{% endif %}
            {%- endfor %}
        from {{ ref('stg_' ~ table.system ~ '__' ~ name) }}
        where
            flag_rule_ids <> ''
            and _batch_id in (
                select batches.batch_id
                from batches
                where
                    batches.system = '{{ table.system }}'
                    and batches.table_name = '{{ name }}'
                    and batches.is_new
            )
        {%- if not loop.last %}

            union all
        {% endif %}
    {%- endfor %}
),

-- A row kept out is charged to the rule that keeps it out, a row let in to the rule that flags it.
final as (
    select
        bounding_rules.rule_id,
        broken_rows.table_name,
        broken_rows.batch_id,
        broken_rows.row_number,
        broken_rows.store_id,
        broken_rows.record_key,
        broken_rows.repair_order_no,
        broken_rows.vehicle_id,
        broken_rows.order_type,
        broken_rows.fault_system,
        broken_rows.record_kind,
        broken_rows.quarantine_rule_id is not null as is_kept_out,
        {%- for column in ['started_at', 'ended_at', 'keyed_at'] %}
            case
                when broken_rows.{{ column }} < new_batches.extract_end_at
                    then broken_rows.{{ column }}
            end as {{ column }},
        {%- endfor %}
        broken_rows.record_amount,
        coalesce(broken_rows.is_nps_unknown, false) as is_nps_unknown,
        coalesce(broken_rows.is_csi_unknown, false) as is_csi_unknown
    from broken_rows
    inner join bounding_rules
        on
            broken_rows.table_name = bounding_rules.table_name
            and (
                broken_rows.quarantine_rule_id = bounding_rules.rule_id
                or (
                    broken_rows.quarantine_rule_id is null
                    and {{ dbt.position('bounding_rules.marker', 'broken_rows.flag_rule_ids') }} > 0
                )
            )
    inner join new_batches
        on
            broken_rows.table_name = new_batches.table_name
            and broken_rows.batch_id = new_batches.batch_id
)

select * from final
