-- Amazon accelerator instances. USD per instance-hour.
{{ rental_runs('gpu_rates_karpenter_aws', "region_label") }}
