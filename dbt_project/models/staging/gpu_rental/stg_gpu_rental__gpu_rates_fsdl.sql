-- The hand-kept comparison table; a capture is the whole table. USD per instance-hour.
{{ rental_runs('gpu_rates_fsdl', "'all'") }}
