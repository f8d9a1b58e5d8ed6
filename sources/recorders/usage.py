"""Recorder of usage: tokens of OpenRouter's ten models used most by week, and facts of how busy machines are.

What is transcribed: of the weekly ranking every row that splits its tokens (prompt, completion, reasoning, cached), not
its prices, which stand in token_prices, nor its estimated revenue, which is their product. Of the facts every figure;
percentages become shares. The lengths of Azure's requests are computed here from the whole traces, Kimi's and
Alibaba's are as the collector of the facts computed them. AcmeTrace: its table of clusters.

Not here: which model a label is, what usage is worth.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from sources.recorders.runs import shared_folder, write
from sources.usage.contract import CONTRACTS, UNIT_OF

FOLDER = Path(__file__).parent.parent / "usage" / "curated"
WEEKLY = "github.com/johnbean393/openrouter-inference-stats@02966a2"
AZURE = "github.com/Azure/AzurePublicDataset@b469a11"
AZURE_DAY = dt.date(2023, 11, 16)
ACME = "github.com/InternLM/AcmeTrace@6d6ac9c, cluster_summary.csv"
ACME_PERIOD = (dt.date(2023, 3, 1), dt.date(2023, 9, 1))
"""The months its two own clusters were traced. Philly and Helios, which it quotes, are older."""
DAY = dt.timedelta(days=1)

QUOTED = (
    # The facts' subject begins with, measure, GPU, first day, day after the last, known from.
    ("enterprise Kubernetes", "device_busy_share", None, "2025-01-01", "2026-05-01", "2026-04-21"),
    ("Alibaba image-generation serving, 143", "device_busy_share", None, "2026-04-01", "2026-05-01", "2026-04-30"),
    (
        "Alibaba image-generation serving, QPS",
        "mean_load_over_peak_load",
        None,
        "2026-04-01",
        "2026-05-01",
        "2026-04-30",
    ),
    ("Kimi conversation", "input_tokens_per_request", None, "2025-01-01", "2026-01-01", "2025-12-31"),
    ("Lium H100", "rented_share", "H100 SXM", "2026-09-04", "2026-09-19", "2026-09-19"),
)
NOTED = (
    # Figures that stand in the note of a fact: its subject, measure, value.
    ("Kimi conversation", "output_tokens_per_request", 342.6),
    ("Kimi conversation", "reusable_input_share", 0.366),
    ("Lium A100 80GB PCIe", "rented_share", 0.977),
)


def weekly(shared: Path) -> pl.DataFrame:
    """One row per week and model, in the columns of the contract."""
    ranking = pl.read_csv(shared / "data" / "usage" / "openrouter_weekly_model_usage_revenue.csv", try_parse_dates=True)
    rows = ranking.filter(pl.col("prompt_tokens") + pl.col("completion_tokens") > 0)
    return rows.select(
        pl.lit("openrouter").alias("platform_label"),
        pl.col("slug").alias("model_label"),
        pl.col("prompt_tokens").alias("input_tokens"),
        pl.col("cached_tokens").alias("cached_input_tokens"),
        pl.col("completion_tokens").alias("output_tokens"),
        "reasoning_tokens",
        "request_count",
        (pl.col("week_ending") - 6 * DAY).alias("valid_from"),
        (pl.col("week_ending") + DAY).alias("valid_to"),
        pl.col("week_ending").alias("known_from"),
        pl.lit("first_seen").alias("known_basis"),
        pl.col("week_ending").alias("last_observed"),
        pl.lit(1).alias("observation_count"),
        pl.lit("B").alias("grade"),
        pl.lit(WEEKLY).alias("citation"),
        pl.format("rank {} of the week", "rank").alias("note"),
    ).sort("valid_from", "model_label")


def _fact(
    measure: str, subject: str, value: float, period: tuple[dt.date, dt.date], known: dt.date, **also: object
) -> dict[str, object]:
    return {
        "measure": measure,
        "subject": subject,
        "gpu_label": None,
        "value": value,
        "unit": UNIT_OF[measure],
        "valid_from": period[0],
        "valid_to": period[1],
        "known_from": known,
        "known_basis": "published",
        "last_observed": known,
        "observation_count": 1,
        "note": None,
        **also,
    }


def _quoted(shared: Path) -> list[dict[str, object]]:
    facts = pl.read_csv(shared / "data" / "utilisation" / "utilisation_facts.csv", infer_schema=False)
    rows: list[dict[str, object]] = []
    for subject, measure, gpu, first, after, known in QUOTED:
        fact = facts.filter(pl.col("subject").str.starts_with(subject)).row(0, named=True)
        period = (dt.date.fromisoformat(first), dt.date.fromisoformat(after))
        of_100 = 100.0 if fact["unit"] == "percent" else 1.0
        # "same" as the fact above it, whose row is the last one.
        same = fact["address"] == "same"
        place = rows[-1]["citation"] if same else f"{fact['address']} ({fact['source']})"
        cited = {"grade": fact["grade"], "citation": place}
        day = dt.date.fromisoformat(known)
        value = round(float(fact["value"]) / of_100, 6)
        rows.append(_fact(measure, fact["subject"], value, period, day, gpu_label=gpu, note=fact["note"], **cited))
        for beside, noted, figure in NOTED:
            if beside.split()[0] == subject.split()[0]:
                label = "A100 80GB PCIe" if beside.startswith("Lium") else None
                name = beside if label else fact["subject"]
                rows.append(_fact(noted, name, figure, period, day, gpu_label=label, note=fact["note"], **cited))
    return rows


def _azure(shared: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for service in ("code", "conv"):
        trace = pl.read_csv(shared / "data" / "utilisation" / f"azure_llm_trace_2023_{service}.csv.gz")
        given, made = float(trace["ContextTokens"].mean()), float(trace["GeneratedTokens"].mean())  # type: ignore[arg-type]
        subject = {"code": "Azure LLM code service", "conv": "Azure LLM conversation service"}[service]
        cited = {"grade": "A", "citation": AZURE, "note": f"one hour, {trace.height:,} requests; computed here"}
        for measure, value in (
            ("input_tokens_per_request", given),
            ("output_tokens_per_request", made),
            ("input_tokens_per_output_token", given / made),
        ):
            rows.append(
                _fact(measure, subject, round(value, 4), (AZURE_DAY, AZURE_DAY + DAY), dt.date(2023, 12, 31), **cited)
            )
    return rows


def _acme(shared: Path) -> list[dict[str, object]]:
    clusters = pl.read_csv(shared / "data" / "utilisation" / "acme_cluster_summary.csv")
    own = clusters.filter(pl.col("id").is_in(["Seren", "Kalos"])).iter_rows(named=True)
    cited = {"grade": "A", "citation": ACME, "note": "share of GPU time that went to jobs which failed in the end"}
    return [
        _fact(
            "failed_job_time_share", f"AcmeTrace {row['id']}", row["fail_rate_gpu_time"], ACME_PERIOD,
            dt.date(2024, 12, 31), **cited,
        )
        for row in own
    ]  # fmt: skip


def facts(shared: Path) -> pl.DataFrame:
    """One row per measured figure, in the columns of the contract."""
    rows = [*_quoted(shared), *_azure(shared), *_acme(shared)]
    return pl.DataFrame(rows, infer_schema_length=None).sort("measure", "subject")


def main() -> None:
    """Write both files."""
    shared = shared_folder(__doc__ or "")
    for name, contract, rows in (
        ("utilisation_facts", "observation", facts(shared)),
        ("openrouter_weekly_usage", "token_usage", weekly(shared)),
    ):
        write(rows.select(list(CONTRACTS[contract].dtypes)), FOLDER / f"{name}.csv")


if __name__ == "__main__":
    main()
