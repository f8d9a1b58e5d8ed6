"""Index numbers: how a price level moves between periods when items come, go and are missing.

A panel is a matrix of prices, items by periods, NaN where an item has no price. Every method works on the
logarithms of that matrix at once; nothing loops over items. Names follow the ILO/IMF Consumer Price Index Manual
(2020) and Producer Price Index Manual (2004).

    panel.py         the matrix, checked; connection.py: which periods shared items join
    bilateral.py     the index between two periods, for every pair: a matrix of log links (elementary.py, weighted.py,
                     pairwise.py)
    chaining.py      links to levels: direct against a base, or chained; drift.py: how far a chain drifts
    multilateral.py  links to levels that are transitive: GEKS
    tpd.py, geary_khamis.py, time_dummy.py: transitive levels from all periods at once
    hedonic.py       prices explained by characteristics: the time dummy hedonic, with standard errors
    hedonic_moments.py  the same over windows, pairs of periods and bootstrap samples
    windows.py       multilateral levels over a rolling window, spliced
    missing.py       matched, carried or imputed prices
    series.py        all of it by name: one request (request.py), one series
    decomposition.py why an average moved, and which items moved an index
    deflation.py     levels to a yearly factor with an interval
    frontier.py      the capability frontier by Epoch's rule (student.py, resampling.py serve it)
    logit_rule.py    the same by price on time and log odds of the score

Not here: where prices come from, what an item is, tables.
"""
