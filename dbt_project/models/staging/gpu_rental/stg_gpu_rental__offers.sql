-- Single offers of marketplaces: of every source whose rows are other people's machines, and of the tracker's list those
-- that are nodes. In the publishers' units.
select * from {{ source('landing', 'vast') }}
union all by name
select * from {{ source('landing', 'gpurentalprices_live') }} where sku_label like 'node %'
