-- Google Cloud machines in three regions. USD per instance-hour.
{{ rental_runs('gpu_rates_gcosts', "region_label") }}
