-- The planted stories, in days relative to the last day of the base horizon.
create or replace table story as
select *
from (
    values
    -- 通州: three days far below target, three weeks of falling CSI, long waits, more complaints
    (7, 'demand', -2, 0, 0.72),
    (7, 'pace', -20, 0, 1.20),
    (7, 'complaints', -20, 0, 1.80),
    (7, 'csi', -18, -12, 88.0),
    (7, 'csi', -11, -5, 85.0),
    (7, 'csi', -4, 7, 82.0),
    -- 海淀: an appointment fault in the last three days
    (1, 'demand', -2, 0, 0.77),
    (1, 'appointments', -2, 0, 0.78),
    -- 朝阳: satisfaction five points lower in the last month
    (2, 'csi_shift', -30, 7, -5.0),
    -- and, half a year ago and more, good customers who were neglected and stayed away
    (2, 'neglect', -545, -180, 0.12)
) as story (store_no, kind, from_offset, to_offset, value);
