-- noqa: disable=AM04
-- Prices the documents print (docs/documents); they hold for the document's day alone. USD per GPU-hour.
select
    record.*,
    'all' as capture_group
from {{ records_as_of('gpu_rates_documents') }} as record
