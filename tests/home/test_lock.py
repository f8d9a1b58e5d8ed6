"""The lock: one builder a home, freed by the kernel when its process dies."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from pipelines.home import lock
from tests.conftest import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from pipelines.home import lock
from pipelines.home.places import Home
with lock.held(Home(Path(sys.argv[1]))):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other_process(home):
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.root)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert holder.stdout.readline() == "held\n"
    yield holder
    holder.kill()
    holder.wait()


def test_a_second_builder_is_told_who_builds(home, other_process):
    with pytest.raises(lock.AlreadyRunning, match=f"process {other_process.pid}"), lock.held(home):
        pass


def test_a_killed_builder_leaves_no_lock(home, other_process):
    other_process.send_signal(signal.SIGKILL)
    other_process.wait()
    with lock.held(home):
        pass


def test_it_is_reentrant_in_one_process(home):
    with lock.held(home), lock.held(home):
        pass
    with lock.held(home):
        pass
