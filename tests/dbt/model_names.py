"""Reads labels with the product's macro and seeds, on DuckDB alone; and again with Python's own expressions.

Not here: tests; how a row's tier or LiteLLM's seller comes off a label (the staging view, tested where it is built).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb
import jinja2
import polars as pl

from tests.dbt.building import PROJECT

TERMS = ("region", "quantisation", "processing", "route", "snapshot")


class Offer(NamedTuple):
    """What a label says; terms are null where it names none."""

    model: str
    region: str | None = None
    quantisation: str | None = None
    processing: str | None = None
    route: str | None = None
    snapshot: str | None = None


def seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _macro() -> str:
    template = jinja2.Environment(extensions=["jinja2.ext.do"]).from_string(
        (PROJECT / "macros" / "model_offers.sql").read_text(encoding="utf-8"), globals={"ref": lambda name: name}
    )
    return template.module.model_offers("label")


def offers(labels: Iterable[tuple[str | None, str]]) -> dict[tuple[str | None, str], Offer]:
    """What the product makes of labels of sellers (as a source names them)."""
    with duckdb.connect() as connection:
        for name in ("model_label_rule", "xwalk_model", "xwalk_token_provider"):
            path: Path = PROJECT / "seeds" / f"{name}.csv"
            connection.execute(f"create table {name} as from read_csv('{path}', all_varchar = true, header = true)")
        connection.execute("alter table model_label_rule alter position type integer")
        columns = {"provider_label": pl.String, "path": pl.String}
        connection.register("stated", pl.DataFrame(list(set(labels)), schema=columns, orient="row"))
        connection.execute(
            """create table label as select coalesce(provider, stated.provider_label) as provider, stated.* from stated
            left join xwalk_token_provider as known on stated.provider_label = known.provider_label"""
        )
        rows = connection.sql(
            f"""select label.provider_label, label.path,
                coalesce(own.model, anyone.model, offer.name), {", ".join(TERMS)}
            from {_macro()} as offer
            inner join label
                on offer.provider_label is not distinct from label.provider_label and offer.path = label.path
            left join xwalk_model as own on offer.name = own.model_label and own.provider = label.provider
            left join xwalk_model as anyone on offer.name = anyone.model_label and anyone.provider is null"""
        ).fetchall()
    return {(provider, path): Offer(*rest) for provider, path, *rest in rows}


def offer(provider: str | None, label: str) -> Offer:
    return offers([(provider, label.lower())])[provider, label.lower()]


def named_in_python(labels: Iterable[tuple[str | None, str]]) -> tuple[dict[tuple[str | None, str], Offer], set[str]]:
    """The same rules with Python's expressions, before the crosswalk; and the positions of the rules that spoke."""
    canonical = {row["provider_label"]: row["provider"] for row in seed("xwalk_token_provider")}
    rules = [(re.compile(rule["pattern"]), rule) for rule in seed("model_label_rule")]
    named, spoke = {}, set()
    for provider, path in labels:
        name, terms = path, dict.fromkeys(TERMS)
        for pattern, rule in rules:
            here = not rule["provider"] or rule["provider"] in (provider, canonical.get(provider or "", provider))
            if here and rule["contains"] in name and (match := pattern.fullmatch(name)):
                spoke.add(rule["position"])
                name = match.expand(rule["model_name"])
                if rule["column_name"]:
                    terms[rule["column_name"]] = match.expand(rule["value"])
        named[provider, path] = Offer(name, **terms)
    return named, spoke
