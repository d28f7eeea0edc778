with

landed as (

    select * from {{ source('crm', 'surveys') }}

),

batches as (

    select * from {{ source('control', 'batches') }}

),

code_values as (

    select * from {{ ref('code_values') }}

),

survey_channel_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'survey_channel'

),

survey_reason_codes as (

    select code_values.code
    from code_values
    where code_values.code_list = 'survey_reason'

),

limits as (

    select
        {{ threshold('nps_score_min') }} as nps_score_min,
        {{ threshold('nps_score_max') }} as nps_score_max,
        {{ threshold('satisfaction_score_min') }} as satisfaction_score_min,
        {{ threshold('satisfaction_score_max') }} as satisfaction_score_max,
        {{ threshold('csi_score_min') }} as csi_score_min,
        {{ threshold('csi_score_max') }} as csi_score_max,
        {{ threshold('future_tolerance_days') }} as future_tolerance_days

),

batch_ends as (

    select
        batches.batch_id,
        cast(
            {{ add_days('batches.extract_on', '1 + limits.future_tolerance_days') }} as timestamp
        ) as extract_end_at
    from batches
    cross join limits
    where batches.system = 'crm' and batches.table_name = 'surveys'

),

duplicates as (

    {{ repeated_keys(source('crm', 'surveys'), {'survey_id': clean_text('survey_id')}) }}

),

cleaned as (

    select
        {{ clean_text('survey_id') }} as survey_id,
        {{ clean_text('store_id') }} as store_id,
        {{ clean_text('repair_order_no') }} as repair_order_no,
        {{ clean_code('survey_channel') }} as survey_channel,
        {{ try_cast('sent_at', 'timestamp') }} as sent_at,
        {{ try_cast('responded_at', 'timestamp') }} as responded_at,
        {{ try_cast('nps_score', 'integer') }} as nps_score,
        {{ try_cast('csi_score', 'numeric(5,2)') }} as csi_score,
        {{ try_cast('satisfaction_score', 'integer') }} as satisfaction_score,
        {{ clean_code('reason_code') }} as reason_code,
        {{ try_cast('updated_at', 'timestamp') }} as updated_at,
        (
            {{ is_unparsable('sent_at', try_cast('sent_at', 'timestamp')) }}
            or {{ is_unparsable('responded_at', try_cast('responded_at', 'timestamp')) }}
            or {{ is_unparsable('nps_score', try_cast('nps_score', 'integer')) }}
            or {{ is_unparsable('csi_score', try_cast('csi_score', 'numeric(5,2)')) }}
            or {{ is_unparsable('satisfaction_score', try_cast('satisfaction_score', 'integer')) }}
            or {{ is_unparsable('updated_at', try_cast('updated_at', 'timestamp')) }}
        ) as has_unparsable_value,
        {{ lineage() }}
    from landed

),

final as (

    select
        cleaned.survey_id,
        cleaned.store_id,
        cleaned.repair_order_no,
        cleaned.survey_channel,
        cleaned.sent_at,
        cleaned.responded_at,
        cleaned.nps_score,
        cleaned.csi_score,
        cleaned.satisfaction_score,
        cleaned.reason_code,
        cleaned.updated_at,
        cleaned._batch_id,
        cleaned._source_file,
        cleaned._row_number,
        {{ judge([
            [
                'survey_key_missing',
                'quarantine',
                'cleaned.survey_id is null or cleaned.store_id is null',
            ],
            [
                'survey_key_duplicated',
                'quarantine',
                'cleaned._row_number > duplicates.first_row_number',
            ],
            ['survey_sent_at_missing', 'quarantine', 'cleaned.sent_at is null'],
            [
                'survey_score_out_of_range',
                'quarantine',
                'cleaned.nps_score < limits.nps_score_min or cleaned.nps_score '
                    ~ '> limits.nps_score_max or cleaned.satisfaction_score '
                    ~ '< limits.satisfaction_score_min or cleaned.satisfaction_score '
                    ~ '> limits.satisfaction_score_max',
            ],
            [
                'csi_out_of_range',
                'quarantine',
                'cleaned.csi_score < limits.csi_score_min or cleaned.csi_score '
                    ~ '> limits.csi_score_max',
            ],
            [
                'survey_future_dated',
                'quarantine',
                'cleaned.sent_at >= batch_ends.extract_end_at '
                    ~ 'or cleaned.responded_at >= batch_ends.extract_end_at',
            ],
            ['survey_value_unparsable', 'flag', 'cleaned.has_unparsable_value'],
            ['survey_answered_before_sent', 'flag', 'cleaned.responded_at < cleaned.sent_at'],
            [
                'survey_answer_contradictory',
                'flag',
                '(cleaned.responded_at is null and (cleaned.nps_score is not null '
                    ~ 'or cleaned.csi_score is not null '
                    ~ 'or cleaned.satisfaction_score is not null)) '
                    ~ 'or (cleaned.responded_at is not null and cleaned.nps_score is null '
                    ~ 'and cleaned.csi_score is null and cleaned.satisfaction_score is null)',
            ],
            [
                'survey_survey_channel_unknown',
                'flag',
                'cleaned.survey_channel is not null and survey_channel_codes.code is null',
            ],
            [
                'survey_reason_code_unknown',
                'flag',
                'cleaned.reason_code is not null and survey_reason_codes.code is null',
            ],
        ]) }}
    from cleaned
    left join duplicates
        on
            cleaned._batch_id = duplicates._batch_id
            and cleaned.survey_id = duplicates.survey_id
    left join survey_channel_codes on cleaned.survey_channel = survey_channel_codes.code
    left join survey_reason_codes on cleaned.reason_code = survey_reason_codes.code
    left join batch_ends on cleaned._batch_id = batch_ends.batch_id
    cross join limits

)

select * from final
