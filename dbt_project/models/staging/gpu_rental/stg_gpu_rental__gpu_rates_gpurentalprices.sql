-- Providers' pages read daily; a capture is one provider's page. USD per GPU-hour.
{{ rental_runs('gpu_rates_gpurentalprices', "provider_label") }}
