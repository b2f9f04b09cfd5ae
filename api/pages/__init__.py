"""The page for people: server-rendered, in Portuguese and English."""

from api.pages.router import pages_plugins, pages_router, unknown_address

__all__ = ["pages_plugins", "pages_router", "unknown_address"]
