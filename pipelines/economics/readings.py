"""The two readings of every model, as the modules each is computed with.

`as_published` takes the documents' forms, `professional` the ones practitioners use. A figure both define has one
formula in each: a straight line or a capital recovery factor, space by facility kW or by contracted kW, GPUs per MW
in whole numbers or not.

Not here: which rows are read which way (the marts).
"""

from types import ModuleType

from pipelines.economics import (
    capital,
    comparison,
    factory,
    joint_serving,
    ladder,
    margin,
    megawatt,
    mix,
    model_size,
    power,
    pricing,
    published,
    roofline,
    self_hosting,
    serving,
    slots,
    space,
    speculation,
    spread,
)

SHARED: tuple[ModuleType, ...] = (
    factory,
    joint_serving,
    ladder,
    margin,
    megawatt,
    mix,
    model_size,
    power,
    pricing,
    roofline,
    self_hosting,
    serving,
    speculation,
    spread,
)
AS_PUBLISHED: tuple[ModuleType, ...] = (
    comparison,
    published,
    *SHARED,
)
PROFESSIONAL: tuple[ModuleType, ...] = (
    capital,
    slots,
    space,
    *SHARED,
)
