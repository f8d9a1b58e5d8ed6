"""No text that a person gives a command changes a published release, or reads or writes anything beside it."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.home.places import Home
from pipelines.release import query
from tests.conftest import rackhour

MARGIN = "select sum(price_usd_per_gpu_hour) from marts.gpu_hour_margin"


@pytest.fixture(scope="module")
def home(released_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the release whose files may be written, so that only the commands stand in an attack's way."""
    home = tmp_path_factory.mktemp("open") / "home"
    shutil.copytree(Path(released_home) / "current", home / "releases" / "copy")
    shutil.copytree(Path(released_home) / "ops", home / "ops")
    for path in [home, *home.rglob("*")]:
        path.chmod(0o777 if path.is_dir() else 0o666)
    (home / "current").symlink_to(Path("releases") / "copy", target_is_directory=True)
    return home


def prints(home: Path) -> dict[str, str]:
    """Every file of the home with a hash of its bytes."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def attack(home: Path) -> str:
    """The condition of the issue: it made every price of a published release 0.01."""
    file = (home / "current" / "rackhour.duckdb").resolve()
    return (
        f"true); detach rackhour; attach '{file}' as rackhour; "
        "update rackhour.marts.gpu_hour_margin set price_usd_per_gpu_hour = 0.01; select (1"
    )


@pytest.mark.parametrize("command", [("explain", "gpu_hour_margin"), ("scenario", "--mart", "gpu_hour_margin"),
                                     ("explain", "core.headline_rate")])  # fmt: skip
def test_a_condition_cannot_write_into_the_release(home, command):
    before = prints(home)
    told = rackhour(*command, "--where", attack(home), home=home)
    assert told.returncode == 1
    assert "is no condition on the rows of" in told.stderr
    assert "Traceback" not in told.stderr
    assert prints(home) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from read_text('{secret}')", "files, addresses and extensions are closed"),
        ("from read_csv('{secret}')", "files, addresses and extensions are closed"),
        ("from read_blob('{release}')", "files, addresses and extensions are closed"),
        ("from glob('{folder}/*')", "files, addresses and extensions are closed"),
        ("from sniff_csv('{secret}')", "files, addresses and extensions are closed"),
        ("from '{secret}'", "files, addresses and extensions are closed"),
        ("from query('from read_text(''{secret}'')')", "files, addresses and extensions are closed"),
        ("select * from core.calendar where exists (from read_text('{secret}'))", "closed"),
        ("copy core.calendar to '{target}'", "COPY is not allowed"),
        ("copy core.calendar from '{secret}'", "COPY is not allowed"),
        ("explain analyze copy (select 1) to '{target}'", "only a SELECT can be explained"),
        ("/* x */ explain /* y */ analyze copy (select 1) to '{target}'", "only a SELECT can be explained"),
        ("explain (analyze) copy (select 1) to '{target}'", "only a SELECT can be explained"),
        ("explain analyze insert into core.calendar select current_date", "only a SELECT can be explained"),
        ("explain analyze create table memory.main.x as select 1", "only a SELECT can be explained"),
        ("attach '{release}' as again", "ATTACH is not allowed"),
        ("detach rackhour", "DETACH is not allowed"),
        ("install httpfs", "is not allowed"),
        ("load httpfs", "is not allowed"),
        ("set enable_external_access = true", "SET is not allowed"),
        ("reset lock_configuration", "is not allowed"),
        ("pragma database_list", "PRAGMA is not allowed"),
        ("call pragma_version()", "CALL is not allowed"),
        ("export database '{target}'", "is not allowed"),
        ("update marts.gpu_hour_margin set price_usd_per_gpu_hour = 0.01", "UPDATE is not allowed"),
        ("select 1; copy (select 1) to '{target}'", "one statement"),
        ("select 1 --\n; drop table core.calendar", "one statement"),
        ("prepare p as select 1", "PREPARE is not allowed"),
        ("checkpoint", "is not allowed"),
        ("from home", "does not exist"),
    ],
)
def test_a_query_reads_the_release_and_nothing_else(home, tmp_path, text, said):
    secret, target = tmp_path / "secret.csv", tmp_path / "written"
    secret.write_text("a,b\nsecret,1\n", encoding="utf-8")
    release = (home / "current" / "rackhour.duckdb").resolve()
    before = prints(home)
    statement = text.format(secret=secret, target=target, release=release, folder=tmp_path)
    told = rackhour("sql", "-", home=home, input=statement)
    assert told.returncode == 1, told.stdout
    assert said in told.stderr
    assert "Traceback" not in told.stderr
    assert "secret,1" not in told.stdout + told.stderr
    assert not target.exists()
    assert prints(home) == before


def test_a_connection_is_closed_by_itself_whatever_statement_reaches_it(home, tmp_path):
    """Past the check of statements, as a fault in it would let them: the engine itself opens and writes nothing."""
    file, target = (home / "current" / "rackhour.duckdb").resolve(), tmp_path / "written"
    before = prints(home)
    connection = query.connect(Home(home))
    refused = []
    for statement in (
        "update rackhour.marts.gpu_hour_margin set price_usd_per_gpu_hour = 0.01",
        f"attach '{file}' as again",
        f"copy (select 1) to '{target}'",
        f"from read_blob('{file}')",
        f"from read_text('{home / 'ops' / 'runs.jsonl'}')",
        "set enable_external_access = true",
        "set disabled_filesystems = ''",
        "set lock_configuration = false",
        "install httpfs",
        "load httpfs",
        "create persistent secret s (type s3)",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(statement).fetchall()
        refused.append(statement)
    connection.execute("detach rackhour")
    for name in (file, home / "current" / "rackhour.duckdb"):
        with pytest.raises(duckdb.PermissionException):
            connection.execute(f"attach '{name}' as rackhour")
    assert not target.exists()
    assert prints(home) == before


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("describe core.calendar", "column_name"),
        ("show all tables", "schema"),
        ("summarize core.calendar", "column_name"),
        ("explain select 1", "explain_key"),
        ("explain analyze from core.calendar", "explain_key"),
        ("explain (format json) select 1", "explain_key"),
        ("explain (select 1)", "explain_key"),
        ("-- é\nexplain select 1", "explain_key"),
        ("with a as (select 1 as b) from a", "b"),
        ("values (1)", "col0"),
        ("table core.calendar", "as_of_date"),
        ("from runs", "run_id"),
        ("select timestamptz '2026-01-01 00:00:00+02' as at", "at"),
        ("pivot core.dim_provider on tier in ('lab') using count(*) group by tier", "tier"),
    ],
)
def test_honest_statements_are_answered(home, text, column):
    told = rackhour("sql", "-", "--format", "csv", home=home, input=text)
    assert told.returncode == 0, told.stderr
    assert column in told.stdout.splitlines()[0]


def test_parquet_is_written_with_the_types_of_the_release(home, tmp_path):
    target = tmp_path / "all.parquet"
    asked = "from core.fct_power_price order by all"
    told = rackhour("sql", asked, "--format", "parquet", "--to", str(target), home=home)
    assert told.returncode == 0, told.stderr
    with duckdb.connect(str(home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        published, written = connection.sql(asked), connection.sql(f"from '{target}'")
        assert written.types == published.types
        assert written.fetchall() == published.fetchall()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_file_that_cannot_be_written_is_named(home, tmp_path, form):
    target = tmp_path / "no such folder" / "out"
    told = rackhour("sql", "select 1", "--format", form, "--to", str(target), home=home)
    assert told.returncode == 1
    assert str(target) in told.stderr
    assert "Traceback" not in told.stderr


def test_a_damaged_log_stops_only_a_query_that_reads_it(home, tmp_path):
    damaged = tmp_path / "home"
    shutil.copytree(home, damaged, symlinks=True)
    (damaged / "ops" / "runs.jsonl").write_text('{"run_id": "half', encoding="utf-8")
    assert rackhour("sql", "select count(*) from core.calendar", home=damaged).returncode == 0
    told = rackhour("sql", "from ops.runs", home=damaged)
    assert told.returncode == 1
    assert "runs.jsonl cannot be read" in told.stderr
