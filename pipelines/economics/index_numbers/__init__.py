"""Index numbers: how a price level moves between periods when items come, go and are missing.

A panel is a matrix of prices, items by periods, NaN where an item has no price. Every method works on the
logarithms of that matrix at once; nothing loops over items. Names follow the ILO/IMF Consumer Price Index Manual
(2020) and Producer Price Index Manual (2004).

Not here: where prices come from, what an item is, tables.
"""
