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

pytestmark = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="another C library"
)


def counted(code: str) -> int:
    """The number that `code` tells in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={"NUMPY_MADVISE_HUGEPAGE": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_freed_memory_is_used_again() -> None:
    kept, not_kept = (
        counted(COUNT_PAGES.format(kept=is_kept)) for is_kept in (True, False)
    )
    assert kept * 10 < not_kept


def test_kept_memory_can_be_given_back() -> None:
    assert counted(COUNT_GIVEN_BACK) > 60 << 10
