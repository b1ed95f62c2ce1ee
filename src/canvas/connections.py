"""Who is connected with a school: connecting, disconnecting, what a dead token means.

Canvas is asked first and without a transaction (`find_account`); `connect` then writes what came of
it. What was mirrored belongs to the connection, so the same account takes its old one up again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from src import audit
from src.canvas import connection_queries as queries
from src.clients.canvas import CanvasClient, as_https, read_feed
from src.clients.canvas_address import read_address
from src.clients.canvas_network import CanvasNetwork
from src.errors import DarsError
from src.models import AuditAction, CanvasConnection, ConnectionKind, Sealed
from src.storage.keyring import Keyring
from src.storage.statements import empty_log_at_commit

# Another text of the consent needs another version.
CONSENT_VERSION = "2026-11"
# So long before it ends a token is told of.
WARN_BEFORE = timedelta(days=7)


class ConnectionRefused(DarsError):  # noqa: N818 - names a state
    """There is such a connection, but for another account."""


class NoConnection(DarsError):  # noqa: N818 - names a state
    """There is no such connection."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a connection is: a person's, or an operator's who gave it a label."""

    person_id: int | None = None
    label: str | None = None

    @property
    def actor(self) -> str:
        """How the audit names them."""
        return "operator" if self.person_id is None else audit.person(self.person_id)


@dataclass(frozen=True, slots=True)
class Account:
    """What a school says of whoever holds a token.

    Attributes:
        address: The school's.
        user_id: The number of the account; None for a feed, which does not say.
        name: As the school shows it; it is kept nowhere.
        time_zone: IANA name.
        expires_at: When the token ends; None: never, or nobody says.
    """

    address: str
    user_id: int | None
    name: str
    time_zone: str | None
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Grant:
    """By what right a school is read.

    Attributes:
        kind: How it was given.
        secret: Token or address of a feed, sealed.
        refresh_secret: Of OAuth: gets the next token.
    """

    kind: ConnectionKind
    secret: Sealed
    refresh_secret: Sealed | None = None


async def find_account(client: CanvasClient) -> Account:
    """Ask a school who holds the token: the proof that address and token are right.

    Raises:
        CanvasError: They are not, or the school is away.
    """
    who = await client.profile()
    expires_at = await client.token_expires_at()
    name = who.name or who.short_name or str(who.id)
    return Account(client.address, who.id, name, who.time_zone, expires_at)


async def find_feed(network: CanvasNetwork, url: SecretStr) -> Account:
    """Read a private calendar address: the proof that it is right.

    Raises:
        CanvasError: It is not, or the school is away.
    """
    await read_feed(network, url)
    address = read_address(as_https(url), allow_loopback=network.allow_loopback)
    return Account(address, None, "", None, None)


async def connect(
    db: AsyncSession, owner: Owner, account: Account, secret: Sealed, at: datetime
) -> CanvasConnection:
    """Keep a personal token, as `keep` does."""
    return await keep(db, owner, account, Grant(ConnectionKind.TOKEN, secret), at)


async def keep(
    db: AsyncSession, owner: Owner, account: Account, grant: Grant, at: datetime
) -> CanvasConnection:
    """Keep by what right a school is read; whoever had this account connected before has it again.

    Args:
        db: The open transaction.
        owner: Whose it is.
        account: What `find_account` or `find_feed` found.
        grant: The secrets, sealed: without a key there is none, so nothing is kept readable.
        at: Now, aware.

    Raises:
        ConnectionRefused: The label belongs to another account.
    """
    host = await queries.lock_host(db, account.address)
    found = await queries.find(db, owner.person_id, owner.label, host.id, account.user_id)
    if found and (found.host_id, found.canvas_user_id) != (host.id, account.user_id):
        raise ConnectionRefused(
            f"{owner.label!r} is the label of another account: choose another one"
        )
    row = found or CanvasConnection(
        person_id=owner.person_id, label=owner.label, host_id=host.id, kind=grant.kind
    )
    row.kind, row.secret, row.refresh_secret = grant.kind, grant.secret, grant.refresh_secret
    row.canvas_user_id, row.time_zone = account.user_id, account.time_zone
    row.token_expires_at, row.token_invalid_at = account.expires_at, None
    row.consent_version, row.consented_at = CONSENT_VERSION, at
    row.disconnected_at, row.next_sync_at = None, at
    db.add(row)
    await db.flush()
    _note(db, AuditAction.CONNECT, row, owner.actor, at)
    return row


async def disconnect(db: AsyncSession, connection_id: int, actor: str, at: datetime) -> None:
    """Forget a token at once; needs no key, no school, and no token that lives.

    Args:
        db: The open transaction.
        connection_id: Which.
        actor: Who does it, as the audit names them.
        at: Now, aware.

    Raises:
        NoConnection: There is none.
    """
    row = await queries.lock(db, connection_id)
    if row is None:
        raise NoConnection("there is no such connection")
    row.secret, row.refresh_secret, row.next_sync_at = None, None, None
    row.disconnected_at = row.disconnected_at or at
    await empty_log_at_commit(db)
    _note(db, AuditAction.DISCONNECT, row, actor, at)


async def token_died(db: AsyncSession, connection_id: int, used: Sealed, at: datetime) -> bool:
    """Note that a school refuses a token, so that it is not asked again before a new one comes.

    Args:
        db: The open transaction.
        connection_id: Which.
        used: The token that was refused: one that came meanwhile is not meant.
        at: Now, aware.

    Returns:
        Whether it was that token's.
    """
    row = await queries.lock(db, connection_id)
    if row is None or row.secret != used:
        return False
    row.token_invalid_at = row.token_invalid_at or at
    return True


async def all_connections(db: AsyncSession) -> Sequence[CanvasConnection]:
    """Return every connection with its school, in the order in which they were made."""
    return await queries.everything(db)


async def of_label(db: AsyncSession, label: str) -> CanvasConnection:
    """Return an operator's connection with its school.

    Raises:
        NoConnection: There is none of this label.
    """
    row = await queries.of_label(db, label)
    if row is None:
        raise NoConnection(f"there is no connection {label!r}: `dars canvas status` lists them")
    return row


async def get(db: AsyncSession, connection_id: int) -> CanvasConnection | None:
    """Return a connection with its school; None where there is none."""
    return await queries.get(db, connection_id)


async def of_person(db: AsyncSession, person_id: int) -> Sequence[CanvasConnection]:
    """Return the connections of a person with their schools, those that are over too."""
    return await queries.of_person(db, person_id)


def client_of(
    network: CanvasNetwork, connection: CanvasConnection, keyring: Keyring
) -> CanvasClient:
    """Return a client for a connection; its host must be loaded.

    Raises:
        NoConnection: It has no token, or a dead one.
        NoSecretKey: There is no key.
        SecretUnreadable: No key fits.
    """
    if connection.secret is None:
        raise NoConnection("it is disconnected: connect it again")
    if connection.kind is ConnectionKind.FEED:
        raise NoConnection("a calendar address shows dates only: connect with a token to read this")
    if connection.token_invalid_at is not None:
        raise NoConnection("the school refuses its token: connect it again")
    token: SecretStr = keyring.open(connection.secret)
    return CanvasClient(network, connection.host.url, token)


def state_of(connection: CanvasConnection, now: datetime) -> str:
    """Say in one word how a connection stands."""
    if connection.secret is None:
        return "disconnected"
    if connection.token_invalid_at is not None:
        return "refused"
    ends = connection.token_expires_at
    if ends is None or ends - now > WARN_BEFORE:
        return "connected"
    return "expires" if ends > now else "expired"


def _note(
    db: AsyncSession, action: AuditAction, row: CanvasConnection, actor: str, at: datetime
) -> None:
    detail = {"kind": str(row.kind), "consent": row.consent_version}
    audit.note(db, action, ("connection", row.id), actor=actor, at=at, detail=detail)
