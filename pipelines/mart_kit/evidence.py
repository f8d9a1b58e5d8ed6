"""Columns that say how old and how well founded the prices behind a row are: the same in every mart that has them.

Not here: when a price is stale or a headline indicative (core's rules), figures.
"""

from __future__ import annotations

from pipelines.mart_kit.schema import Column, count, day, flag, label

RENT: tuple[Column, ...] = (
    flag("rent_is_indicative", "Fewer providers than a headline needs.", nullable=True),
    day("rent_last_observed", "Newest quote behind the rent.", nullable=True),
    count("rent_age_days", "Its age on the day of the row.", unit="day", nullable=True),
    flag("rent_is_stale", "Older than its sources' cadence allows.", nullable=True),
)
PLACE: tuple[Column, ...] = (
    count("power_age_days", "Age of the power price.", unit="day", nullable=True),
    flag("power_is_stale", "Power price older than its source's cadence allows.", nullable=True),
    count("colo_age_days", "Age of the space rate.", unit="day", nullable=True),
    flag("colo_is_stale", "Space rate older than its source's cadence allows.", nullable=True),
    label(
        "colo_grade",
        "A the publisher's page, B others quote it, C a repost or a document: no observation.",
        nullable=True,
    ),
)
OF_PLACE = tuple(column.name for column in PLACE)
SERVED: tuple[Column, ...] = (
    label("throughput_round", "Round of measurements, or document.", nullable=True),
    label("precision", "Number format of the measurement.", nullable=True),
    count("submission_count", "Submissions behind the throughput.", nullable=True),
    day("price_last_observed", "Day the list price was last seen.", nullable=True),
    count("price_age_days", "Its age on the day of the row.", unit="day", nullable=True),
    flag("price_is_stale", "Older than its source's cadence allows.", nullable=True),
    day("rent_last_observed", "Newest quote behind the rent of a rented GPU.", nullable=True),
    count("rent_age_days", "Its age on the day of the row.", unit="day", nullable=True),
    flag("rent_is_stale", "Older than its sources' cadence allows.", nullable=True),
    flag("rent_is_indicative", "Fewer providers than a headline needs.", nullable=True),
    *PLACE,
    label("note", "What a reader must know.", nullable=True),
)
"""Of tokens served on a GPU that is rented or owned; rents are null where it is owned, places where it is rented."""
