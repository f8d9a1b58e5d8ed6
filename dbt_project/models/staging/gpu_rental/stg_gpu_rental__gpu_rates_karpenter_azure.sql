-- Azure N-series instances in three regions. USD per instance-hour.
{{ rental_runs('gpu_rates_karpenter_azure', "region_label") }}
