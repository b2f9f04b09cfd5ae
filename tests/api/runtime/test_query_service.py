import asyncio

from litestar import Litestar
from litestar.testing import TestClient

from api import service
from api.runtime.query_service import QueryService


def test_functions_under_one_name_have_answers_of_their_own(
    client: TestClient[Litestar],
) -> None:
    """As where a route is copied from another one."""
    query_service: QueryService = client.app.state.query_service

    async def main() -> None:
        of_model, of_segments = [
            await query_service.other("copied", function)
            for function in (service.model_info, service.segments)
        ]
        assert of_model.body == client.get("/model").content
        assert of_segments.body == client.get("/segments").content

    asyncio.run(main())
