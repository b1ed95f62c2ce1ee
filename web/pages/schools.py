"""Back from the log-in of a school: who comes back is asked whether the account is theirs."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from pydantic import SecretStr
from starlette.responses import Response

from src import clock
from src.accounts import service as accounts
from src.canvas import letting_in
from src.canvas.letting_in import CameBack, Traveller, Visit
from src.clients.canvas_errors import CanvasError
from src.clients.canvas_network import CanvasNetwork
from src.database import session_scope
from src.deadlines import schools
from src.deadlines.schools import CameIn
from src.settings import Settings
from src.storage.keyring import Keyring
from web.needs import Db, Now, Ours
from web.rendering import page, preferred

router = APIRouter(include_in_schema=False)
_Code = Annotated[str, Query(max_length=1000)]
_GivenCode = Annotated[str, Form(max_length=1000)]


@router.get(letting_in.RETURN)
async def look(  # noqa: PLR0917 - what comes with a browser
    request: Request, db: Db, now: Now, ours: Ours, state: _Code = "", code: _Code = ""
) -> Response:
    """Ask whether the account in the chat is that of who came back; nothing is done yet."""
    t = preferred(request.headers.get("accept-language"))
    if not code:
        return page("school", t, key="school-refused", code="", state="", pupil="", school="")
    traveller = letting_in.who_went(Keyring(ours.encryption.keys), state, now)
    pupil = await accounts.find_person(db, traveller.owner.person_id or 0)
    name = await accounts.first_name(db, pupil) if pupil else ""
    host = urlsplit(traveller.address).netloc
    return page("school", t, key="school-ask", code=code, state=state, pupil=name, school=host)


@router.post(letting_in.RETURN)
async def come_back(request: Request, ours: Ours, state: _GivenCode, code: _GivenCode) -> Response:
    """Turn the code into a connection; what is due is then told in the chat."""
    t, now = preferred(request.headers.get("accept-language")), clock.now()
    traveller = letting_in.who_went(Keyring(ours.encryption.keys), state, now)
    try:
        came = await _came_in(ours, traveller, CameBack(SecretStr(code), state))
    except CanvasError:
        return page("school", t, 502, key="school-failed", code="", state="", pupil="", school="")
    async with session_scope() as db:
        await schools.let_in(db, traveller.owner.person_id or 0, came, now)
    return page("school", t, key="school-done", code="", state="", pupil="", school="")


async def _came_in(ours: Settings, traveller: Traveller, back: CameBack) -> CameIn:
    """Ask the school, with no transaction open."""
    keyring, here = Keyring(ours.encryption.keys), f"{ours.web.url}{letting_in.RETURN}"
    async with session_scope() as db:
        key = await letting_in.school_key(db, traveller.address, here, keyring)
    local = not ours.process.is_public
    async with CanvasNetwork(ours.canvas, allow_loopback=local) as network:
        visit = Visit(key, traveller.owner, keyring)
        account, grant = await letting_in.finish(network, visit, back, clock.now())
    return CameIn(account, grant)
