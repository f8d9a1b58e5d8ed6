"""What a kilowatt-hour costs: retail prices by US state, day-ahead prices abroad, and the documents' values."""
