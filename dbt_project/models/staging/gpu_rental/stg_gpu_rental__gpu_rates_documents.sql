-- noqa: disable=AM04
-- Prices printed in the reference documents; they hold for the document's day alone. USD per GPU-hour.
select
    record.*,
    'all' as capture_group
from {{ records_as_of('gpu_rates_documents') }} as record
