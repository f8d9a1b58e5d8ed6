-- noqa: disable=AM04
-- What the states of genai-prices said. Early ones write the colon of Amazon's labels as in an address.
select run.* replace (replace(run.model_label, '%3A', ':') as model_label)
from {{ runs_as_of(source('landing', 'genai_prices_history')) }} as run
