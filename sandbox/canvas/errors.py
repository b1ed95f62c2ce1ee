"""Refusals in the shapes in which Canvas gives them."""

from typing import Any

Json = dict[str, Any]
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="canvas-lms"'}


class CanvasError(Exception):
    """A call is refused.

    Attributes:
        status: The HTTP status.
        body: What stands in the answer.
        headers: What stands above it.
    """

    def __init__(self, status: int, body: Json, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status, self.body, self.headers = status, body, headers or {}


class NoRightError(CanvasError):
    """The token is good, but not for this object; the status is a setting of the school."""

    def __init__(self) -> None:
        message = "user not authorized to perform that action"
        super().__init__(401, {"status": "unauthorized", "errors": [{"message": message}]})


def not_found() -> CanvasError:
    """There is no such object, or none for this caller."""
    return CanvasError(404, {"errors": [{"message": "The specified resource does not exist."}]})


def no_token() -> CanvasError:
    """The request says not who asks."""
    errors = [{"message": "user authorization required"}]
    return CanvasError(401, {"status": "unauthenticated", "errors": errors}, CHALLENGE)


def dead_token(how: str) -> CanvasError:
    """The token opens nothing; `how` is Invalid, Expired or Revoked."""
    return CanvasError(401, {"errors": [{"message": f"{how} access token."}]}, CHALLENGE)


def bad_field(name: str, message: str, kind: str = "invalid") -> CanvasError:
    """One field of what is to be written is refused."""
    error = {"attribute": name, "type": kind, "message": message}
    return CanvasError(400, {"errors": {name: [error]}})


def bad_request(message: str) -> CanvasError:
    """The request as a whole is refused."""
    return CanvasError(400, {"errors": [{"message": message}]})
