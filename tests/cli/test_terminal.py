"""What a person at a terminal sees: tables of its width, NO_COLOR, a spinner, Ctrl-C; and plain lines in a pipe."""

from __future__ import annotations

import contextlib
import io
import shutil
import time

import duckdb
import pytest

from pipelines.cli import watching
from pipelines.cli.terminal_table import terminal_table
from pipelines.home import progress
from tests.cli.terminal import CTRL_C, on_terminal, shown
from tests.conftest import rackhour

WIDE = "select * from core.headline_rate order by as_of_date desc, gpu, commitment, provider_tier limit {}"


@pytest.mark.parametrize("width", [60, 100, 180])
def test_a_wide_table_stays_within_the_terminal(released_home, width):
    many = shown("sql", WIDE.format(40), home=released_home, width=width)
    assert many.process.returncode == 0
    assert max(map(len, many.lines)) <= width
    assert f"of 25 columns fit in {width} characters" in many.text.replace("\n", " ")


def test_few_rows_of_many_columns_are_shown_whole(released_home):
    seen = shown("sql", WIDE.format(2), home=released_home, width=80)
    with duckdb.connect(str(released_home / "current" / "rackhour.duckdb"), read_only=True) as connection:
        columns = connection.sql("from core.headline_rate limit 0").columns
    assert "row 2 of 2" in seen.text
    assert [name for name in columns if seen.text.count(f"\n{name}") < 2] == []
    assert max(map(len, seen.lines)) <= 80


def test_no_number_is_cut_and_text_wraps():
    names, text = ["name", "a_column_with_a_very_long_name_usd"], "words " * 30
    made = terminal_table(names, [[text, "123456789.123456"]], [False, True])
    assert "123456789.123456" in made
    assert sum(line.count("words") for line in made.splitlines()) == 30


def test_a_label_cannot_move_the_cursor():
    assert "\x1b[2J" not in terminal_table(["a"], [["\x1b[2Jgone"]], [False])


def test_colour_is_the_terminals_and_no_color_turns_it_off(released_home):
    query = "select 1 as a"
    assert "\x1b[" in shown("sql", query, home=released_home).shown
    assert "\x1b" not in shown("sql", query, home=released_home, env={"NO_COLOR": "1"}).shown
    assert "\x1b" not in rackhour("sql", query, home=released_home).stdout


def test_a_pipe_gets_the_plain_table(released_home):
    outcome = rackhour("sql", "select 1.5 as price, 'H100 SXM' as gpu, null as note", home=released_home)
    assert outcome.stdout == "price  gpu       note\n-----  --------  ----\n  1.5  H100 SXM\n1 row\n"


def test_bytes_do_not_go_to_a_terminal(released_home):
    seen = shown("sql", "select 1", "--format", "parquet", home=released_home)
    assert seen.process.returncode == 1
    assert "--to result.parquet" in seen.text


def test_ctrl_c_ends_a_refresh_at_once_and_says_what_stays(released_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(released_home, home, symlinks=True)
    published = (home / "current").resolve().name
    with on_terminal("refresh", "--as-of", "2026-03-31", home=home) as terminal:
        terminal.read_until("loading Dagster and dbt", 60)
        terminal.read(3.0)
        pressed = time.monotonic()
        terminal.type(CTRL_C)
        assert terminal.wait(60) == 130
        assert time.monotonic() - pressed < 30
    assert f"release {published} stays published" in terminal.text
    assert "interrupted" in terminal.text
    assert terminal.shown.rstrip().count("\x1b[?25l") == terminal.shown.count("\x1b[?25h"), "the cursor is back"
    assert (home / "current").resolve().name == published
    runs = rackhour("sql", "select status, message from ops.runs order by started_at", "--format", "csv", home=home)
    assert runs.stdout.splitlines()[-1] == "failed,interrupted with Ctrl-C"
    again = rackhour("doctor", home=home)
    assert "no refresh is running" in again.stdout, "the lock died with the process"


def test_ctrl_c_in_a_query_exits_with_130(released_home):
    slow = "select count(*) from range(100000000000) as r(i) where hash(i) % 7 = hash(i + 1) % 7"
    with on_terminal("sql", slow, home=released_home) as terminal:
        terminal.read(4.0)
        terminal.type(CTRL_C)
        assert terminal.wait(60) == 130
    assert "interrupted" in terminal.text
    assert "Traceback" not in terminal.text


def test_a_pipe_hears_of_a_long_step(monkeypatch):
    monkeypatch.setattr(watching, "LONGEST_SILENCE_SECONDS", 0.2)
    heard = io.StringIO()
    with contextlib.redirect_stderr(heard):
        progress.restart()
        with watching.steps_shown():
            progress.begin("dbt", "building tables")
            time.sleep(2.5)
            progress.report("dbt", "3 tables")
    lines = [line.split("s  ", 1)[1] for line in heard.getvalue().splitlines()]
    assert lines[0] == "dbt       still building tables"
    assert lines[-1] == "dbt       3 tables"


def test_a_pipe_hears_nothing_more_of_a_short_one():
    heard = io.StringIO()
    with contextlib.redirect_stderr(heard):
        progress.restart()
        with watching.steps_shown():
            progress.begin("marts", "making one")
            progress.report("marts", "one: 3 rows")
    assert len(heard.getvalue().splitlines()) == 1
