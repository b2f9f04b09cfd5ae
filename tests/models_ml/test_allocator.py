"""Memory that is freed is used again, without new pages, or given back."""

import platform
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

#: Makes and frees 64 MiB twenty times; tells how many pages were cleared.
COUNT_PAGES = """
import resource
import numpy as np
from models_ml.allocator import keep_freed_memory

if {kept}:
    keep_freed_memory()
np.ones(1 << 23)
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(20):
    np.ones(1 << 23)
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def pages_cleared(*, kept: bool) -> int:
    done = subprocess.run(
        [sys.executable, "-c", COUNT_PAGES.format(kept=kept)],
        cwd=PROJECT,
        env={"NUMPY_MADVISE_HUGEPAGE": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="another C library"
)
def test_freed_memory_is_used_again() -> None:
    assert pages_cleared(kept=True) * 10 < pages_cleared(kept=False)


#: Makes and frees 64 MiB; tells how many KiB go when memory is given back.
COUNT_GIVEN_BACK = """
import re
from pathlib import Path
import numpy as np
from models_ml.allocator import give_back_memory, keep_freed_memory

def held() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmRSS:\\s+(\\d+)", status).group(1))

keep_freed_memory()
np.ones(1 << 23)
before = held()
give_back_memory()
print(before - held())
"""


@pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="another C library"
)
def test_kept_memory_can_be_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNT_GIVEN_BACK],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) > 60 << 10
