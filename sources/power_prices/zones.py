"""Markets by the names publishers give them: their civil time zones, and the days on which they existed.

Not here: canonical zones (dbt's crosswalk).
"""

from __future__ import annotations

import datetime as dt

SPLIT = dt.date(2018, 10, 1)
"""From here on the zone of Germany, Austria and Luxembourg is two."""
JOINT = ("DE-AT-LU", "10Y1001A1001A63L")
PARTS = ("DE-LU", "AT", "10Y1001A1001A82H", "10YAT-APG------L")

SMARD = {
    "Germany/Luxembourg": "Europe/Berlin",
    "Germany/Austria/Luxembourg": "Europe/Berlin",
    "Austria": "Europe/Vienna",
    "Belgium": "Europe/Brussels",
    "Czech Republic": "Europe/Prague",
    "Denmark 1": "Europe/Copenhagen",
    "Denmark 2": "Europe/Copenhagen",
    "France": "Europe/Paris",
    "Hungary": "Europe/Budapest",
    "Netherlands": "Europe/Amsterdam",
    "Northern Italy": "Europe/Rome",
    "Norway 2": "Europe/Oslo",
    "Poland": "Europe/Warsaw",
    "Slovenia": "Europe/Ljubljana",
    "Sweden 4": "Europe/Stockholm",
    "Switzerland": "Europe/Zurich",
}
"""Column names of SMARD's tables of day-ahead prices."""

ENERGY_CHARTS = {
    "DE-LU": "Europe/Berlin",
    "DE-AT-LU": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "CZ": "Europe/Prague",
    "DK1": "Europe/Copenhagen",
    "DK2": "Europe/Copenhagen",
    "FR": "Europe/Paris",
    "HU": "Europe/Budapest",
    "IT-North": "Europe/Rome",
    "NL": "Europe/Amsterdam",
    "NO2": "Europe/Oslo",
    "PL": "Europe/Warsaw",
    "SE4": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
}
"""Bidding zones of api.energy-charts.info/price."""

ENTSOE = {
    "10Y1001A1001A82H": "Europe/Berlin",
    "10Y1001A1001A63L": "Europe/Berlin",
    "10YAT-APG------L": "Europe/Vienna",
    "10YBE----------2": "Europe/Brussels",
    "10YCH-SWISSGRIDZ": "Europe/Zurich",
    "10YCZ-CEPS-----N": "Europe/Prague",
    "10YDK-1--------W": "Europe/Copenhagen",
    "10YDK-2--------M": "Europe/Copenhagen",
    "10YES-REE------0": "Europe/Madrid",
    "10YFI-1--------U": "Europe/Helsinki",
    "10YFR-RTE------C": "Europe/Paris",
    "10YHU-MAVIR----U": "Europe/Budapest",
    "10Y1001A1001A59C": "Europe/Dublin",
    "10Y1001A1001A73I": "Europe/Rome",
    "10YNL----------L": "Europe/Amsterdam",
    "10YNO-1--------2": "Europe/Oslo",
    "10YNO-2--------T": "Europe/Oslo",
    "10YPL-AREA-----S": "Europe/Warsaw",
    "10YPT-REN------W": "Europe/Lisbon",
    "10YSI-ELES-----O": "Europe/Ljubljana",
    "10Y1001A1001A46L": "Europe/Stockholm",
    "10Y1001A1001A47J": "Europe/Stockholm",
}
"""Bidding zones by energy identification code (EIC), as the transparency platform names them."""

EMBER = {
    "AUT": "Europe/Vienna",
    "BEL": "Europe/Brussels",
    "BGR": "Europe/Sofia",
    "HRV": "Europe/Zagreb",
    "CZE": "Europe/Prague",
    "DNK": "Europe/Copenhagen",
    "EST": "Europe/Tallinn",
    "FIN": "Europe/Helsinki",
    "FRA": "Europe/Paris",
    "DEU": "Europe/Berlin",
    "GRC": "Europe/Athens",
    "HUN": "Europe/Budapest",
    "IRL": "Europe/Dublin",
    "ITA": "Europe/Rome",
    "LVA": "Europe/Riga",
    "LTU": "Europe/Vilnius",
    "LUX": "Europe/Luxembourg",
    "MNE": "Europe/Podgorica",
    "NLD": "Europe/Amsterdam",
    "MKD": "Europe/Skopje",
    "NOR": "Europe/Oslo",
    "POL": "Europe/Warsaw",
    "PRT": "Europe/Lisbon",
    "ROU": "Europe/Bucharest",
    "SRB": "Europe/Belgrade",
    "SVK": "Europe/Bratislava",
    "SVN": "Europe/Ljubljana",
    "ESP": "Europe/Madrid",
    "SWE": "Europe/Stockholm",
    "CHE": "Europe/Zurich",
    "GBR": "Europe/London",
}
"""Countries of Ember's files by ISO 3166 code."""

US_HUBS = {
    "HB_HOUSTON": "America/Chicago",
    "HB_NORTH": "America/Chicago",
    "HB_SOUTH": "America/Chicago",
    "HB_WEST": "America/Chicago",
    "WESTERN HUB": "America/New_York",
    "DOMINION HUB": "America/New_York",
    "AEP-DAYTON HUB": "America/New_York",
    "N ILLINOIS HUB": "America/New_York",
    "TH_NP15_GEN-APND": "America/Los_Angeles",
    "TH_SP15_GEN-APND": "America/Los_Angeles",
    "TH_ZP26_GEN-APND": "America/Los_Angeles",
}
"""Trading hubs of ERCOT, PJM and CAISO. PJM keeps Eastern time, also in Illinois."""


def existing(zone: str, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """The days of these, both inclusive, on which a bidding zone existed; the first after the last where on none."""
    if zone in JOINT:
        return first, min(last, SPLIT - dt.timedelta(days=1))
    return (max(first, SPLIT), last) if zone in PARTS else (first, last)
