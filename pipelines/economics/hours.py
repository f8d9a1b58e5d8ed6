"""Hours: the two calendars the documents and the trade count in. Not here: dates, time zones, schedules."""

HOURS_PER_YEAR = 8760.0
"""365 days of 24 hours; leap days are left out, as every source here leaves them out."""

HOURS_PER_MONTH = 730.0
"""A twelfth of a year: rates per kW-month are turned into hours with it (document 000:57)."""
