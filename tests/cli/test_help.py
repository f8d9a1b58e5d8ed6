"""Every command says what it does, with examples, under -h as under --help; the version is one word away."""

from __future__ import annotations

from importlib import metadata

import pytest
import typer.main

from pipelines.cli.main import app
from tests.conftest import rackhour

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
EVERY = [(name,) for name in COMMANDS] + [("releases", name) for name in COMMANDS["releases"].commands]


def test_the_version_is_the_packages(tmp_path):
    expected = f"rackhour {metadata.version('rackhour')}\n"
    assert rackhour("--version", home=tmp_path).stdout == expected
    assert rackhour("version", home=tmp_path).stdout == expected


@pytest.mark.parametrize("command", [(), ("sql",), ("try",), ("releases",), ("releases", "list")])
def test_h_is_help(command, tmp_path):
    short, long = rackhour(*command, "-h", home=tmp_path), rackhour(*command, "--help", home=tmp_path)
    assert short.returncode == 0
    assert short.stdout == long.stdout
    assert "Usage: rackhour" in short.stdout


@pytest.mark.parametrize("command", EVERY, ids=" ".join)
def test_every_command_has_examples_that_begin_with_it(command):
    group = COMMANDS
    for name in command[:-1]:
        group = group[name].commands
    one = group[command[-1]]
    assert one.help or one.callback.__doc__
    assert "Examples:" in one.epilog
    assert f"rackhour {' '.join(command)}" in one.epilog
