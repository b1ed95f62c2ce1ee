"""Connections: whose, one for an account, tokens sealed, forgotten at once, encrypted anew."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from src import clock, database
from src.canvas import connections
from src.canvas.connections import Account, ConnectionRefused, NoConnection, Owner
from src.clients.canvas_network import CanvasNetwork
from src.models import AuditEvent, CanvasConnection, CanvasHost, Sealed
from src.settings import CanvasSettings, load_settings
from src.storage.keyring import Keyring, NoSecretKey, SecretUnreadable, make_key
from src.storage.rotation import MOST_AT_ONCE, Rotated, rotate_some, sealed_columns
from tests.fixtures.factories import make_canvas_connection, make_canvas_host, make_person

TOKEN = SecretStr("7~" + "aB3dE5gH" * 8)
OTHER = SecretStr("7~" + "zY8wV6uT" * 8)
OLD, NEW = make_key(), make_key()
ANNA = Account("https://school.example", 77_520_000_000_029_520, "Anna", "Asia/Dhaka", None)
NOW = clock.now()

pytestmark = pytest.mark.usefixtures("database_url")


async def connect(
    owner: Owner, account: Account = ANNA, token: SecretStr = TOKEN
) -> CanvasConnection:
    async with database.session_scope() as db:
        return await connections.connect(db, owner, account, Keyring([OLD]).seal(token), NOW)


async def person() -> Owner:
    async with database.session_scope() as db:
        row = make_person()
        db.add(row)
        await db.flush()
        return Owner(person_id=row.id)


async def keep(row_id: int, value: object) -> None:
    async with database.session_scope() as db:
        found = await db.get_one(CanvasConnection, row_id)
        found.secret = value  # type: ignore[assignment]  # that is what is refused


async def everything() -> list[CanvasConnection]:
    async with database.session_scope() as db:
        return list(await connections.all_connections(db))


async def test_who_connects_the_same_account_again_takes_the_old_one_up() -> None:
    owner = await person()
    first = await connect(owner)
    async with database.session_scope() as db:
        await connections.disconnect(db, first.id, owner.actor, NOW)
    again = await connect(owner, token=OTHER)
    [row] = await everything()
    assert (row.id, again.id) == (first.id, first.id)
    assert row.secret is not None
    assert Keyring([OLD]).open(row.secret).get_secret_value() == OTHER.get_secret_value()
    assert (row.disconnected_at, row.next_sync_at, row.consented_at) == (None, NOW, NOW)
    async with database.session_scope() as db:
        actions = list(await db.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
        details = list(await db.scalars(select(AuditEvent.detail)))
    assert actions == ["connect", "disconnect", "connect"]
    assert "7~" not in str(details)


async def test_a_person_may_have_several_schools_and_accounts() -> None:
    owner, other = await person(), await person()
    second = Account("https://other.example", ANNA.user_id, "Anna", None, None)
    third = Account(ANNA.address, 5, "Bina", None, None)
    rows = [await connect(owner, one) for one in (ANNA, second, third)]
    rows.append(await connect(other))
    assert len({row.id for row in rows}) == len(await everything()) == 4
    async with database.session_scope() as db:
        assert len(list(await db.scalars(select(CanvasHost)))) == 2


async def test_two_connects_at_once_make_one_connection() -> None:
    owner = await person()
    rows = await asyncio.gather(*(connect(owner) for _ in range(4)))
    assert len({row.id for row in rows}) == len(await everything()) == 1


async def test_a_label_stays_with_its_account() -> None:
    owner = Owner(label="office")
    first = await connect(owner)
    assert (await connect(owner)).id == first.id
    with pytest.raises(ConnectionRefused, match="office"):
        await connect(owner, Account(ANNA.address, 5, "Bina", None, None))
    with pytest.raises(ConnectionRefused):
        await connect(owner, Account("https://other.example", ANNA.user_id, "Anna", None, None))


async def test_the_database_itself_keeps_one_owner_and_one_account() -> None:
    owner = await person()
    row = await connect(owner)
    for values in (
        {"person_id": owner.person_id, "label": "both"},
        {"person_id": None, "label": None},
        {"person_id": owner.person_id, "label": None, "canvas_user_id": ANNA.user_id},
    ):
        with pytest.raises(IntegrityError):
            async with database.session_scope() as db:
                db.add(make_canvas_connection(host_id=row.host_id, **values))
    feed = {"person_id": owner.person_id, "label": None, "kind": "feed", "host_id": row.host_id}
    async with database.session_scope() as db:
        db.add(make_canvas_connection(**feed))
    with pytest.raises(IntegrityError):
        async with database.session_scope() as db:
            db.add(make_canvas_connection(**feed))


async def test_disconnecting_forgets_the_token_at_once_and_needs_no_key(
    database_url: str, tmp_path: Path
) -> None:
    """Rule 32: what is dead at the school is still let go here."""
    row = await connect(await person())
    assert row.secret is not None
    kept = row.secret.text
    async with database.session_scope() as db:
        await connections.token_died(db, row.id, row.secret, NOW)
    async with database.session_scope() as db:
        await connections.disconnect(db, row.id, "operator", NOW)
    [row] = await everything()
    assert (row.secret, row.is_alive, row.next_sync_at) == (None, False, None)
    assert connections.state_of(row, NOW) == "disconnected"
    if database_url.startswith("sqlite"):
        files = [path for path in tmp_path.iterdir() if path.name.startswith("dars.db")]
        assert files
        assert not any(kept.encode() in path.read_bytes() for path in files)
    with pytest.raises(NoConnection):
        async with database.session_scope() as db:
            await connections.disconnect(db, row.id + 1, "operator", NOW)


async def test_an_erased_person_leaves_no_connection() -> None:
    owner = await person()
    await connect(owner)
    async with database.session_scope() as db:
        await db.execute(text(f"DELETE FROM people WHERE id = {owner.person_id}"))
    assert await everything() == []


async def test_a_dead_token_stops_the_asking_until_another_comes() -> None:
    owner = await person()
    first = await connect(owner)
    assert first.secret is not None
    again = await connect(owner, token=OTHER)
    assert again.secret is not None
    async with database.session_scope() as db:
        # The refusal of the old one arrives late.
        assert not await connections.token_died(db, first.id, first.secret, NOW)
    assert (await everything())[0].is_alive
    async with database.session_scope() as db:
        assert await connections.token_died(db, first.id, again.secret, NOW)
    [row] = await everything()
    assert (row.is_alive, connections.state_of(row, NOW)) == (False, "refused")
    async with CanvasNetwork(CanvasSettings(), allow_loopback=True) as network:
        with pytest.raises(NoConnection, match="refuses"):
            connections.client_of(network, row, Keyring([OLD]))
        [row] = [await connect(owner)]
        row = (await everything())[0]
        client = connections.client_of(network, row, Keyring([NEW, OLD]))
        assert client.token.get_secret_value() == TOKEN.get_secret_value()


async def test_a_token_that_ends_soon_is_told_of() -> None:
    row = await connect(Owner(label="office"))
    for days, state in ((30, "connected"), (3, "expires"), (-1, "expired")):
        row.token_expires_at = NOW + timedelta(days=days)
        assert connections.state_of(row, NOW) == state


async def test_a_secret_stands_in_the_database_only_encrypted() -> None:
    row = await connect(Owner(label="office"))
    async with database.session_scope() as db:
        kept = (await db.execute(text("SELECT secret FROM canvas_connections"))).scalar_one()
        assert TOKEN.get_secret_value() not in kept
        assert kept not in repr(row.secret)
    for value in (TOKEN, TOKEN.get_secret_value()):
        with pytest.raises(StatementError, match="sealed"):
            await keep(row.id, value)


def test_without_a_key_nothing_can_be_kept_and_the_reason_is_said() -> None:
    with pytest.raises(NoSecretKey, match="DARS_SECRET_KEYS is not set"):
        Keyring([]).require()
    with pytest.raises(NoSecretKey, match="DARS_SECRET_KEYS is not set"):
        Keyring([]).seal(TOKEN)
    with pytest.raises(NoSecretKey):
        Keyring([]).open(Sealed("x"))
    assert repr(Keyring([OLD])) == "Keyring(usable)"


def test_keys_come_from_the_settings_and_are_shown_nowhere() -> None:
    one, two = OLD.get_secret_value(), NEW.get_secret_value()
    settings = load_settings({"DARS_SECRET_KEYS": f"{two}, {one}"})
    assert [key.get_secret_value() for key in settings.encryption.keys] == [two, one]
    assert {one, two} <= set(settings.secrets)
    assert one not in repr(settings)
    with pytest.raises(Exception, match="DARS_SECRET_KEYS: expected keys") as caught:
        load_settings({"DARS_SECRET_KEYS": f"{one},short-one"})
    assert "short-one" not in str(caught.value)


async def rotate(ring: Keyring, batches: int = 1000) -> Rotated:
    """Rotate as the command does, or only so many batches of it, as one that is killed."""
    whole = Rotated()
    for column in sealed_columns():
        after: int | None = 0
        while after is not None and batches:
            async with database.session_scope() as db:
                part = await rotate_some(db, ring, column, after)
            batches, after = batches - 1, part.last_id
            whole.renewed += part.renewed
            whole.current += part.current
            whole.unreadable += part.unreadable
    return whole


async def test_every_secret_is_encrypted_anew_and_a_killed_rotation_goes_on() -> None:
    count = MOST_AT_ONCE + 20
    old, both = Keyring([OLD]), Keyring([NEW, OLD])
    async with database.session_scope() as db:
        host = make_canvas_host(client_secret=old.seal(SecretStr("of the school")))
        db.add(host)
        await db.flush()
        db.add_all(
            make_canvas_connection(
                host_id=host.id,
                secret=old.seal(SecretStr(f"token {number}")),
                refresh_secret=old.seal(SecretStr(f"refresh {number}")),
            )
            for number in range(count)
        )
    await rotate(both, batches=3)
    whole = await rotate(both)
    assert (whole.unreadable, whole.renewed + whole.current) == (0, 2 * count + 1)
    assert whole.current > 0
    again = await rotate(both)
    assert (again.renewed, again.current) == (0, 2 * count + 1)
    opened = {Keyring([NEW]).open(row.secret).get_secret_value() for row in await everything()}  # type: ignore[arg-type]  # all have one
    assert opened == {f"token {number}" for number in range(count)}


async def test_tokens_that_come_while_secrets_are_rotated_stay_theirs() -> None:
    """Each round encrypts anew with other keys in front, while the person connects again."""
    owner = await person()
    await connect(owner)
    rings = [Keyring([NEW, OLD]), Keyring([OLD, NEW])]
    tokens = [SecretStr(f"7~{number:02}{'TokenOfARound' * 3}") for number in range(12)]

    async def reconnect() -> None:
        for token in tokens:
            await connect(owner, token=token)

    async def turn() -> None:
        for number in range(12):
            assert (await rotate(rings[number % 2])).unreadable == 0

    await asyncio.gather(reconnect(), turn(), turn())
    [row] = await everything()
    assert row.secret is not None
    assert rings[0].open(row.secret).get_secret_value() == tokens[-1].get_secret_value()


async def test_what_no_key_opens_is_counted_and_left_as_it_is() -> None:
    row = await connect(Owner(label="office"))
    whole = await rotate(Keyring([NEW]))
    assert (whole.unreadable, whole.renewed) == (1, 0)
    [same] = await everything()
    assert same.secret == row.secret
    assert same.secret is not None
    with pytest.raises(SecretUnreadable):
        Keyring([NEW]).open(same.secret)
