"""The two readings of every model, as the modules each is computed with.

`as_published` takes the documents' forms, `professional` the ones practitioners use. A figure both define has one
formula in each: a straight line or a capital recovery factor, space by facility kW or by contracted kW, GPUs per MW
in whole numbers or not.

Not here: which rows are read which way (the marts).
"""

from types import ModuleType

from pipelines.economics import (
    application,
    capital,
    claim_ledger,
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
    outcomes,
    owned_space,
    ownership,
    power,
    practice_application,
    pricing,
    published,
    published_application,
    recirculation,
    roofline,
    self_hosting,
    serving,
    simple_charge,
    slots,
    space,
    speculation,
    spending,
    spread,
    tax,
    tokenizing,
    utilisation_chain,
    waterfall,
)

SHARED: tuple[ModuleType, ...] = (
    application,
    claim_ledger,
    electricity_saving,
    factory,
    joint_serving,
    ladder,
    margin,
    megawatt,
    mix,
    model_size,
    outcomes,
    ownership,
    power,
    pricing,
    recirculation,
    roofline,
    self_hosting,
    serving,
    speculation,
    spending,
    spread,
    tokenizing,
    waterfall,
)
AS_PUBLISHED: tuple[ModuleType, ...] = (
    comparison,
    published,
    published_application,
    simple_charge,
    *SHARED,
)
PROFESSIONAL: tuple[ModuleType, ...] = (
    capital,
    dispersion,
    falling_rents,
    owned_space,
    practice_application,
    slots,
    space,
    tax,
    utilisation_chain,
    *SHARED,
)
