"""The OpenAPI document."""

from litestar.openapi.config import OpenAPIConfig


def openapi_config() -> OpenAPIConfig:
    """Title, version, and how the document is rendered."""
    return OpenAPIConfig(title="Plateia", version="1.0.0")
