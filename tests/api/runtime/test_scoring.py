import asyncio
import threading

import pytest

from api.runtime.scoring import Overloaded, Scorer


def test_runs_off_the_event_loop() -> None:
    async def main() -> None:
        scorer = Scorer(1, 1)
        name = await scorer.submit(lambda: threading.current_thread().name)
        assert name.startswith("scoring")
        scorer.close()

    asyncio.run(main())


def test_refuses_what_would_wait_too_long_and_recovers() -> None:
    async def main() -> None:
        scorer = Scorer(2, 3)
        go = threading.Event()
        running = [scorer.submit(go.wait) for _ in range(5)]
        await asyncio.sleep(0.01)
        with pytest.raises(Overloaded):
            scorer.submit(go.wait)
        go.set()
        await asyncio.gather(*running)
        assert await scorer.submit(lambda: 3) == 3
        assert scorer.n_pending == 0
        scorer.close()

    asyncio.run(main())


def test_a_caller_that_hangs_up_frees_no_busy_thread() -> None:
    async def main() -> None:
        scorer = Scorer(1, 0)
        go = threading.Event()
        waiting = scorer.submit(go.wait)
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.sleep(0.01)
        with pytest.raises(Overloaded):
            scorer.submit(go.wait)
        go.set()
        while scorer.n_pending:
            await asyncio.sleep(0.001)
        assert await scorer.submit(lambda: 4) == 4
        scorer.close()

    asyncio.run(main())


def test_errors_reach_the_caller_and_free_the_place() -> None:
    async def main() -> None:
        scorer = Scorer(1, 0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await scorer.submit(lambda: 1 / 0)
        scorer.close()

    asyncio.run(main())
