import os
from typing import Any

import pytest

from models_ml.experiments import processes
from models_ml.experiments.processes import in_parallel


@pytest.fixture(params=[1, 2])
def n_cpus(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Any:
    monkeypatch.setattr(processes, "n_cpus", lambda: request.param)
    return request.param


def test_results_come_in_the_order_of_the_works(n_cpus: Any) -> None:
    shared = ["a", "b", "c"]
    works = [lambda k=k: (shared[k], os.getpid()) for k in range(3)]
    results = in_parallel(works)
    assert [name for name, _ in results] == shared
    elsewhere = {pid != os.getpid() for _, pid in results}
    assert elsewhere == {n_cpus > 1}


def test_an_error_of_a_work_is_raised(n_cpus: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        in_parallel([lambda: 1 // 0, lambda: 1])


def test_no_work_gives_nothing(n_cpus: Any) -> None:
    assert in_parallel([]) == []
