"""The plain path and the empty endpoint, on the same server as the API.

The plain path scores the whole catalogue with `Booster.predict` for each
request: four classes, as a first version of such a service would have it.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import lightgbm
import numpy as np
from litestar import Litestar, Response, get, post
from litestar.params import RawBody

N_FEATURES: Final = 30
N_MOVIES: Final = 3883
#: Rounds of boosting; each makes one tree for each of the four classes.
N_ROUNDS: Final = 300
MODEL: Final = "PLATEIA_BENCH_MODEL"


def train_plain_model(path: Path) -> None:
    """A booster of ordinary size, on data made for it."""
    rng = np.random.default_rng(3)
    features = rng.normal(size=(20_000, N_FEATURES))
    signal = features[:, :6].sum(axis=1) + rng.normal(size=len(features)) * 3
    classes = np.digitize(signal, [-4, -1.5, 3])
    booster = lightgbm.train(
        {
            "objective": "multiclass",
            "num_class": 4,
            "num_leaves": 31,
            "verbosity": -1,
            "num_threads": 2,
            "seed": 3,
        },
        lightgbm.Dataset(features, classes),
        N_ROUNDS,
    )
    booster.save_model(str(path))


@get("/empty")
async def empty() -> dict[str, str]:
    """What the server costs when there is nothing to do."""
    return {"status": "ok"}


@post("/plain", status_code=200)
async def plain(body: RawBody) -> Response[Any]:
    """Ten films, scored the plain way, on a thread of one."""
    loop = asyncio.get_running_loop()
    items = await loop.run_in_executor(_EXECUTOR, _best, len(body))
    return Response({"items": items})


def _best(seed: int) -> list[dict[str, Any]]:
    booster = _booster()
    features = np.random.default_rng(seed).normal(size=(N_MOVIES, N_FEATURES))
    probabilities = np.asarray(booster.predict(features, num_threads=1))
    order = np.argsort(-probabilities[:, 2:].sum(axis=1))[:10]
    return [
        {"movie_id": int(k), "probabilities": probabilities[k].tolist()}
        for k in order
    ]


def _booster() -> lightgbm.Booster:
    if "booster" not in _LOADED:
        _LOADED["booster"] = lightgbm.Booster(model_file=os.environ[MODEL])
    return _LOADED["booster"]


_LOADED: dict[str, lightgbm.Booster] = {}
_EXECUTOR: Final = ThreadPoolExecutor(1)


def create_app() -> Litestar:
    """Both endpoints, and nothing around them."""
    return Litestar([empty, plain], openapi_config=None, logging_config=None)
