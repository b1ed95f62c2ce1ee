"""The routes of ``/api/v1``: each asks for a scope, and answers what the caller may see."""

from typing import Any

from fastapi import APIRouter

from web.api import classes, practice, school
from web.api.paging import problem_of

_ERRORS: dict[int | str, dict[str, Any]] = {
    400: problem_of("The body is no JSON text."),
    401: problem_of("No token, or one that holds no more."),
    403: problem_of("The token may not be used for this."),
    404: problem_of("Not there, or not yours to see."),
    422: problem_of("Something is missing or wrong; `errors` says what."),
    429: problem_of("Too many calls; `Retry-After` says how long to wait."),
    503: problem_of("The database is away for a moment."),
}

router = APIRouter(prefix="/api/v1", responses=_ERRORS)
for part in (practice, classes, school):
    router.include_router(part.router)
