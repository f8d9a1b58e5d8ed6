"""GPUs, throughputs and assumptions on the embedded record, as dbt builds them, today and on an early day."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict

import duckdb
import polars as pl
import pytest

from sources.registry import all_sources
from tests.dbt.reference import TODAY, build, land

EARLY = dt.date(2025, 1, 31)


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reference")
    landed = land(folder)
    made = {day: duckdb.connect(str(build(folder, landed, day)), read_only=True) for day in (TODAY, EARLY)}
    yield made
    for connection in made.values():
        connection.close()


@pytest.fixture(scope="module")
def today(built):
    return built[TODAY]


@pytest.fixture(scope="module")
def early(built):
    return built[EARLY]


def rows(connection, query: str):
    return connection.sql(query).fetchall()


def gpu(connection, name: str) -> dict:
    return connection.sql(f"select * from core.dim_gpu where gpu = '{name}'").pl().row(0, named=True)


@pytest.mark.parametrize(
    ("name", "column", "value"),
    [
        ("H100 SXM", "tdp_w", 700),
        ("H100 SXM", "server_w_per_gpu", 1275),
        # The better grade speaks: NVIDIA's guide (B), with a range, and not the later document (C) without one.
        ("H100 SXM", "server_w_per_gpu_low", 812.5),
        ("H100 SXM", "all_in_w_per_gpu", 1730),
        ("H100 SXM", "peak_fp8_flop_s", 1979e12),
        # Among prices of one grade the later speaks: 28,000 of the document, not 33,600 at release or 27,500 of 2023.
        ("H100 SXM", "purchase_price_usd", 28_000),
        ("H100 SXM", "purchase_price_usd_low", 25_000),
        ("H100 SXM", "purchase_price_usd_high", 30_000),
        ("H100 SXM", "gpus_per_server", 8),
        ("H100 SXM", "release_date", dt.date(2022, 9, 20)),
        ("H100 PCIe", "peak_bf16_flop_s", 756e12),
        ("H200", "memory_gb", 141),
        ("H200", "purchase_price_usd", 35_000),
        ("B200", "server_w_per_gpu", 1787.5),
        ("B300", "purchase_price_usd", None),
        ("GB200", "server_w_per_gpu", pytest.approx(120_000 / 72)),
        ("GB200", "purchase_price_usd", pytest.approx(3.05e6 / 72)),
        ("GB200", "gpus_per_server", 72),
        ("GB300", "server_w_per_gpu", None),
        ("A100 40GB", "purchase_price_usd", 15_000),
        ("A100 80GB", "memory_gb", 80),
        ("MI300X", "all_in_w_per_gpu", 1790),
        ("L40S", "tdp_w", 350),
        ("L40S", "peak_fp8_flop_s", 733e12),
        ("H100 (unspecified)", "tdp_w", None),
    ],
)
def test_a_gpu_is_what_the_record_says(today, name, column, value):
    assert gpu(today, name)[column] == value


def test_every_gpu_has_its_maker_and_every_fact_its_gpu(today):
    assert rows(today, "select gpu from core.dim_gpu where vendor is null or form_factor is null") == []
    assert rows(today, "select distinct gpu from core.fct_throughput except select gpu from core.dim_gpu") == []


def test_no_label_of_the_hardware_record_goes_unread(today):
    unread = "select gpu_label from staging.stg_hardware__records except select gpu_label from seeds.xwalk_hardware_gpu"
    assert rows(today, unread) == []


def test_what_was_not_known_is_not_there(early):
    h100 = gpu(early, "H100 SXM")
    # Raymond James spoke in August 2023; the document and InferenceX came later.
    assert (h100["purchase_price_usd"], h100["all_in_w_per_gpu"], h100["tdp_w"]) == (27_500, None, 700)
    assert gpu(early, "GB300")["tdp_w"] is None
    assert rows(early, "select distinct round from core.fct_throughput") == [("v4.1",)]
    assert rows(early, "select count(*) from core.throughput_profile where throughput_profile like 'document%'") == [
        (0,)
    ]
    # Our own choices apply to every day; what a document says is not known before it.
    ours = "starts_with(scenario, 'professional') or scenario in ('blend', 'measured_tokenizer')"
    assert rows(early, f"select scenario from core.dim_scenario where not ({ours})") == []


def test_every_result_is_a_fact_or_in_quarantine(today):
    assert rows(today, "select source_id, count(*) from core.fct_throughput group by all order by all") == [
        ("document_throughput", 3),
        ("mlperf_inference", 980),
        ("published_clusters", 2),
    ]
    assert rows(
        today,
        "select split_part(reason, ':', 1), count(*) from quarantine.impossible_throughput group by all order by all",
    ) == [("roofline", 1)]


def test_what_passes_the_gate_is_below_the_peak(today):
    ((checked, highest),) = rows(
        today,
        """
        select count(*), max(t.output_tokens_per_s_per_gpu * 2e9 * f.active_parameters_b
            / coalesce(greatest(g.peak_fp8_flop_s, g.peak_fp4_flop_s), 2 * g.peak_bf16_flop_s))
        from core.fct_throughput as t
        inner join seeds.model_fact as f on t.model = f.model
        inner join core.dim_gpu as g on t.gpu = g.gpu
        where g.peak_bf16_flop_s is not null
        """,
    )
    assert checked > 700
    assert 0.1 < highest < 1


def test_a_median_counts_each_submission_once(today):
    spec = all_sources()["mlperf_inference"]
    results = pl.read_csv(spec.folder / spec.offline, infer_schema_length=None).filter(
        pl.col("round") == "v5.1",
        pl.col("gpu_label").is_in(["NVIDIA H200-SXM-141GB", "NVIDIA H200-SXM-141GB-CTS"])
        | pl.col("gpu_label").str.starts_with("Virtualized NVIDIA H200"),
        pl.col("model_label").is_in(["llama2-70b-99", "llama2-70b-99.9"]),
        pl.col("scenario") == "Offline",
        pl.col("precision") == "fp8",
    )
    of_submission = defaultdict(list)
    for row in results.iter_rows(named=True):
        of_submission[row["submission_label"]].append(row["output_tokens_per_s"] / row["accelerator_count"])
    assert results.height > len(of_submission) > 3
    expected = statistics.median(statistics.median(found) for found in of_submission.values())
    found = rows(
        today,
        "select output_tokens_per_s_per_gpu, submission_count, result_count from core.throughput_median where round = "
        "'v5.1' and gpu = 'H200' and model = 'llama-2-70b' and scenario = 'Offline' and precision = 'fp8'",
    )
    assert found == [(pytest.approx(expected), len(of_submission), results.height)]


def test_profiles_are_the_newest_round_and_the_documents_figures(today):
    stale = """
        select p.gpu, p.model from core.throughput_profile as p
        inner join core.throughput_median as m
            on p.gpu = m.gpu and p.model = m.model and p.throughput_profile = 'mlperf_' || lower(m.scenario)
        where m.known_from > p.valid_from
    """
    assert rows(today, stale) == []
    assert rows(
        today,
        "select throughput_profile, gpu, model, output_tokens_per_s_per_gpu, input_tokens_per_s_per_gpu "
        "from core.throughput_profile where citation like '000:%' order by all",
    ) == [
        ("document_optimised", "H100 SXM", "llama-3.1-70b", 1200, 8000),
        ("document_unoptimised", "H100 SXM", "llama-3.1-70b", 200, 2000),
    ]


def test_assumptions_arrive_whole_and_every_set_is_described(today):
    files = [spec.folder / spec.offline for spec in all_sources().values() if spec.family == "assumptions"]
    recorded = pl.concat([pl.read_csv(file, infer_schema=False) for file in files])
    sets = recorded["assumption_set"].n_unique()
    assert rows(today, "select count(*), sum(parameter_count) from core.dim_scenario") == [(sets, recorded.height)]
    assert rows(today, "select scenario from core.dim_scenario where description is null") == []


@pytest.mark.parametrize(
    ("column", "table"), [("scenario", "fct_throughput"), ("throughput_profile", "throughput_profile")]
)
def test_enumerated_values_are_listed(today, column, table):
    listed = f"select value from seeds.enumeration_reference where column_name = '{column}'"
    assert rows(today, f"select distinct {column} from core.{table} except {listed}") == []
