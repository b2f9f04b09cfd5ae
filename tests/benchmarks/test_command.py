"""What a command took, with all the processes that it started."""

import subprocess
import sys

import pytest

from benchmarks.command import measure_command

_ALONE = "held = b'x' * (60 << 20); import time; time.sleep(1.5)"
_WITH_CHILD = (
    "import subprocess, sys;"
    f" subprocess.Popen([sys.executable, '-c', {_ALONE!r}]);"
    f" {_ALONE}"
)
_FORKED = f"import os; shared = b'y' * (60 << 20); os.fork(); {_ALONE}"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells")
@pytest.mark.parametrize(
    ("code", "mib"), [(_ALONE, 60), (_WITH_CHILD, 120), (_FORKED, 180)]
)
def test_memory_is_of_all_processes_at_the_same_time(
    code: str, mib: int
) -> None:
    usage = measure_command(("-c", code), {})
    assert mib < usage.peak_mib < mib + 40
    assert usage.seconds > 1.5


def test_time_of_the_processors_is_of_those_it_waited_for_too() -> None:
    spin = "import time\nwhile time.process_time() < 0.5: pass"
    code = (
        "import subprocess, sys;"
        f" subprocess.run([sys.executable, '-c', {spin!r}])"
    )
    usage = measure_command(("-c", code), {})
    assert 0.5 <= usage.cpu_seconds < 1.5


def test_a_command_that_fails_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        measure_command(("-c", "raise SystemExit(3)"), {})


def test_the_environment_is_added() -> None:
    code = "import os; assert os.environ['PLATEIA_ADDED'] == 'x'"
    measure_command(("-c", code), {"PLATEIA_ADDED": "x"})
