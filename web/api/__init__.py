"""``/api/v1``: what programs may read and write, with a token."""

from web.api.routes import router

__all__ = ["router"]
