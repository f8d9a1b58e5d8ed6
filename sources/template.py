"""An empty mapping of a family: every contract column with its unit, meaning and allowed values, ready to fill in.

Not here: reading a mapping (sources/mapping.py).
"""

from __future__ import annotations

import textwrap

from sources.loaded import contract_of
from sources.mapping import PROVENANCE, allowed, required

HEAD = """\
# Mapping of a file of yours to {family}. Fill in, delete what you do not need, then:
#   rackhour load {family} FILE --source NAME --map THIS_FILE --dry-run
# Keys on the left are rackhour's; names of your file's columns stand on the right.
source:
  title:          # what the file holds, in one line
  publisher:      # who states the figures
  licence:        # what you may do with them, such as `bought, internal use` (CC BY also asks for attribution)
  # citation:     # address or document; the file's name where not set and not in a column
  # grade: C      # A the publisher's own, B names the publisher, C estimate. C stays out of headline rates and indices
  # cadence_days: 30        # how often it changes: a figure older than twice this is stale
  # known_basis: loaded     # loaded: known since the load. first_seen: since its own day. published: see known_from
# file:
#   delimiter: ";"          # else the header's; `tab` is a tab
#   encoding: cp1252        # else utf-8
#   decimal: ","            # else .
#   thousands: "."          # else none
#   strip: ["$", "USD"]     # marks to take off numbers
#   dates: ["%d.%m.%Y"]     # else %Y-%m-%d
#   empty: ["", "n/a", "-"] # texts that mean nothing is stated
#   records: data.items     # JSON: where the list of objects lies
shape: records              # records: dated rows. snapshots: each row is what one day showed (valid_from is that day)
# capture_group: [{group}]  # snapshots: whose rows one look covers; a vanished row ends there. Else the whole file
# split_by: publisher       # a column whose every value is a source of its own (NAME_value); `parts:` says what differs
columns:                    # contract column: file column
"""
TAIL = """\
# constants:                # contract column: one value for every row
#   currency: USD
# unpivot:                  # several price columns, one row each
#   into: price               # `take: first` makes one row, of the first column that is filled
#   columns:
#     file column: {{{example}}}
# values:                   # contract column: the file's word: the contract's
#   {word}: {{their word: {value}}}
"""
EXAMPLES = {
    "gpu_rental": ("commitment: on_demand", "commitment", "on_demand"),
    "token_prices": ("token_kind: input, processing: standard", "token_kind", "input"),
    "colo_rates": ("size_band: 250-500 kW", "power_included", "unknown"),
    "power_prices": ("sector: industrial", "sector", "industrial"),
}


def template(family: str) -> str:
    """The text of an empty mapping file of one family."""
    contract = contract_of(family)
    needed = required(contract)
    group = ", ".join(contract_of(family).item[:1])
    own = [c for c in contract.dtypes if c not in PROVENANCE]
    lines = [HEAD.format(family=family, group=group)]
    for column in [*own, *PROVENANCE]:
        sign = "" if column in needed else "# "
        told = [contract.descriptions[column] or ""]
        if unit := contract.units[column]:
            told.append(f"Unit: {unit}.")
        if values := allowed(contract, column):
            told.append(f"One of: {', '.join(values)}.")
        if column not in needed:
            told.append("May be left out.")
        lines += [f"  # {line}\n" for line in textwrap.wrap(" ".join(told), 112)]
        lines.append(f"  {sign}{column}:\n")
    example, word, value = EXAMPLES[family]
    return "".join([*lines, TAIL.format(example=example, word=word, value=value)])
