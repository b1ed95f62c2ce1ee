"""Being let in by OAuth2: from the button to a connection, for the door that a browser comes to.

What a person began is kept in no row: `state`, sealed by the keyring, says who it was, at which
school and when, and comes back with them. A code works once, so a `state` that is used again opens
nothing. The door is ``web/pages/schools.py``.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from src.canvas import connection_queries as queries
from src.canvas.connections import Account, Grant, NoConnection, Owner, find_account
from src.clients import canvas_oauth as oauth
from src.clients.canvas import CanvasClient
from src.clients.canvas_network import CanvasNetwork
from src.clients.canvas_oauth import OAuthKey
from src.errors import DarsError
from src.models import ConnectionKind, Sealed
from src.storage.keyring import Keyring, SecretUnreadable

# So long somebody may look for their password at the school.
# Where people come back to, below the address of the pages; a school is told of it.
RETURN = "/canvas/return"
STATE_LIVES = timedelta(minutes=30)


class StateRefused(DarsError):  # noqa: N818 - names a state
    """Who came back from a school is not who went there, or went too long ago: begin again."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody on the way to a school and back.

    Attributes:
        key: The school's.
        owner: Who is at the door, by what the door itself knows.
        keyring: Seals what is given out.
    """

    key: OAuthKey
    owner: Owner
    keyring: Keyring

    @property
    def who(self) -> list[object]:
        """What must be the same there and back."""
        return [self.owner.person_id, self.owner.label, self.key.address]


@dataclass(frozen=True, slots=True)
class CameBack:
    """With what a browser comes back from a school."""

    code: SecretStr
    state: str


async def set_school_key(db: AsyncSession, address: str, client_id: str, secret: Sealed) -> None:
    """Keep the key that a school gave Dars.

    Args:
        db: The open transaction.
        address: The school's, as `read_address` gives it.
        client_id: The number of the key.
        secret: Its secret, sealed.
    """
    await queries.set_key(db, address, client_id, secret)


async def school_key(
    db: AsyncSession, address: str, redirect_uri: str, keyring: Keyring
) -> OAuthKey:
    """Return what a school knows Dars by.

    Raises:
        NoConnection: The school has given no key.
    """
    host = await queries.host(db, address)
    if host is None or host.client_id is None or host.client_secret is None:
        raise NoConnection("this school has given Dars no key: connect with a token or a feed")
    return OAuthKey(address, host.client_id, keyring.open(host.client_secret), redirect_uri)


def begin(visit: Visit, at: datetime) -> str:
    """Return the page of the school to which a person is sent.

    Raises:
        NoSecretKey: There is no key, so nothing could be kept.
    """
    state = json.dumps([*visit.who, at.timestamp()])
    return oauth.login_url(visit.key, visit.keyring.seal(SecretStr(state)).text)


async def finish(
    network: CanvasNetwork, visit: Visit, back: CameBack, at: datetime
) -> tuple[Account, Grant]:
    """Turn the code into tokens and ask who they are of; `connections.keep` then keeps both.

    Args:
        network: Shared by all of the process.
        visit: Who is there now: it must be who went.
        back: What came with the browser.
        at: Now, aware.

    Raises:
        StateRefused: The state is not this person's, not of this school, or too old.
        TokenDead: The code is used up: the person has to agree again.
        CanvasError: What else it came to.
    """
    _check(visit, back.state, at)
    key, seal = visit.key, visit.keyring.seal
    tokens = await oauth.exchange_code(network, key, back.code)
    account = await find_account(CanvasClient(network, key.address, tokens.access_token))
    ends = at + timedelta(seconds=tokens.expires_in)
    kept = seal(tokens.refresh_token) if tokens.refresh_token else None
    grant = Grant(ConnectionKind.OAUTH, seal(tokens.access_token), kept)
    return replace(account, expires_at=ends), grant


@dataclass(frozen=True, slots=True)
class Traveller:
    """Who went to which school, by the state that came back.

    Attributes:
        owner: Whose connection it is to be.
        address: The school's.
    """

    owner: Owner
    address: str


def who_went(keyring: Keyring, state: str, at: datetime) -> Traveller:
    """Return who went to a school, for a door that knows nobody by itself.

    It proves that we sent somebody, and not that who came back is the same: the door has to ask
    them whether this account is theirs, or a link that was passed on would give theirs away.

    Raises:
        StateRefused: It is none of ours, or too old.
    """
    person_id, label, address = _opened(keyring, state, at)
    if not isinstance(person_id, int) or label is not None:
        raise StateRefused("begin again: this is not where you left from")
    return Traveller(Owner(person_id=person_id), str(address))


def _check(visit: Visit, state: str, at: datetime) -> None:
    if _opened(visit.keyring, state, at) != visit.who:
        raise StateRefused("begin again: somebody else went to the school")


def _opened(keyring: Keyring, state: str, at: datetime) -> list[object]:
    try:
        *who, began = json.loads(keyring.open(Sealed(state)).get_secret_value())
    except (SecretUnreadable, ValueError):
        raise StateRefused("begin again: this is not where you left from") from None
    if not 0 <= at.timestamp() - began <= STATE_LIVES.total_seconds():
        raise StateRefused("begin again: it took too long")
    return list(who)
