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
    dispersion,
    electricity_saving,
    factory,
    falling_rents,
    joint_serving,
    ladder,
    margin,
    megawatt,
    mix,
    model_size,
    owned_space,
    ownership,
    power,
    pricing,
    published,
    roofline,
    self_hosting,
    serving,
    simple_charge,
    slots,
    space,
    speculation,
    spread,
    tax,
    utilisation_chain,
    waterfall,
)

SHARED: tuple[ModuleType, ...] = (
    electricity_saving,
    factory,
    joint_serving,
    ladder,
    margin,
    megawatt,
    mix,
    model_size,
    ownership,
    power,
    pricing,
    roofline,
    self_hosting,
    serving,
    speculation,
    spread,
    waterfall,
)
AS_PUBLISHED: tuple[ModuleType, ...] = (
    comparison,
    published,
    simple_charge,
    *SHARED,
)
PROFESSIONAL: tuple[ModuleType, ...] = (
    capital,
    dispersion,
    falling_rents,
    owned_space,
    slots,
    space,
    tax,
    utilisation_chain,
    *SHARED,
)
