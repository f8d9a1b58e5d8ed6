"""Debt, equity and contracts behind the hardware. Not here: the charge of one GPU-hour (gpu_hour/)."""
