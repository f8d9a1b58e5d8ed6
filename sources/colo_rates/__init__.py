"""What a kilowatt of rented data-centre space costs per month, by market and size."""
