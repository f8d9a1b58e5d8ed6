"""rackhour for programs: open a published release, take its tables as frames, ask why and what if.

    import rackhour

    release = rackhour.open()                      # the published one; or as_of="2025-06-30", or release="20261201T"
    release.table("marts.gpu_hour_margin")         # a polars frame
    release.sql("select gpu, price_usd_per_gpu_hour from core.headline_rate where provider_tier = 'all'")
    print(release.explain("gpu_hour_margin", where="gpu = 'H200'"))
    release.scenario(set={"professional.utilisation": "0.6"}, mart="gpu_hour_margin")
    rackhour.index(frame, method="geks")           # a price index over a table of one's own

Everything is read-only, and nothing here needs Dagster or dbt. An error is a RackhourError whose text says what to do.
Not here: any work; each call is one function of pipelines. Making releases (`rackhour refresh`).
"""

from rackhour.errors import RackhourError
from rackhour.explanation import Explanation
from rackhour.price_index import PriceIndex, index
from rackhour.release import Release, open, releases

__all__ = ["Explanation", "PriceIndex", "RackhourError", "Release", "index", "open", "releases"]
