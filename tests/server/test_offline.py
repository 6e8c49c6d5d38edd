"""Everything runs where there is no network at all."""

import subprocess
import sys

import pytest

from tests.support.places import ROOT

ALONE = ["unshare", "-rn"]


def may_be_alone() -> bool:
    """Whether this system lets a process leave the network without being root."""
    try:
        return subprocess.run([*ALONE, "true"], check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not may_be_alone(), reason="unshare -rn is not permitted here")
def test_app_and_command_line_start_and_work_without_a_network() -> None:
    command = [sys.executable, "-m", "bench.offline", "--end", "0.3", "--no-browser"]
    ended = subprocess.run(
        [*ALONE, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "health: ok" in ended.stdout
    assert "the sample is analysed" in ended.stdout


def test_where_there_is_a_network_the_bench_says_so() -> None:
    says = "import bench.offline as b; b.socket.if_nameindex = lambda: [(1, 'lo'), (2, 'eth0')]"
    ended = subprocess.run(
        [sys.executable, "-c", f"{says}; b.require_no_network()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert "there is a network (eth0)" in ended.stderr
