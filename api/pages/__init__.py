"""The page for people: server-rendered, in Portuguese and English."""

from api.pages.router import pages_plugins, pages_router

__all__ = ["pages_plugins", "pages_router"]
