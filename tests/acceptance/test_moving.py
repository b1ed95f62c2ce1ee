"""A pupil moves to another Telegram account by a code from the old one; an operator's part too."""

import re
from datetime import timedelta

from sqlalchemy import select, update

from src import clock, database
from src.models import AuditAction, AuditEvent, Person, Response, Student
from src.privacy import service as privacy
from tests.acceptance.conftest import MakePupil
from tests.acceptance.pupil import Pupil, text_of
from tests.acceptance.test_topic import all_of


async def code_of(pupil: Pupil) -> str:
    found = re.search(r"/move (\w{5}-\w{5})", text_of(await pupil.say("/move")))
    assert found is not None
    return found[1]


async def test_everything_moves_and_the_old_account_has_nothing(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    await pupil.say("/practice")
    await pupil.say("7")
    code = await code_of(pupil)
    assert code not in str([vars(person) for person in await all_of(Person)])
    new = make_pupil()
    said = text_of(await new.say(f"/move {code.lower().replace('-', ' ')}"))
    assert "Everything is here now" in said
    assert "question" in str(await new.say("/practice")).lower()
    [student] = await all_of(Student)
    [person] = await all_of(Person)
    assert (student.telegram_id, person.telegram_id, person.move_code) == (new.id, new.id, None)
    assert len(await all_of(Response)) == 1
    async with database.read_scope() as db:
        actions = list(await db.scalars(select(AuditEvent.action)))
    assert actions == [AuditAction.MOVE]
    assert "Which language" in text_of(await pupil.say("/start"))
    assert "not good any more" in text_of(await make_pupil().say(f"/move {code}"))


async def test_a_code_that_is_old_wrong_or_ones_own_moves_nothing(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    code = await code_of(pupil)
    assert "not good any more" in text_of(await pupil.say(f"/move {code}"))
    again = await code_of(pupil)
    new = make_pupil()
    for wrong in (code, "ABCDE-FGHJK", "x" * 3000, "<b>", "' OR 1=1"):
        assert "not good any more" in text_of(await new.say(f"/move {wrong}"))
    async with database.session_scope() as db:
        past = clock.now() - timedelta(minutes=1)
        await db.execute(update(Person).values(move_code_until=past))
    assert "not good any more" in text_of(await new.say(f"/move {again}"))
    assert sorted(s.telegram_id for s in await all_of(Student)) == [pupil.id, new.id]


async def test_an_account_with_something_of_its_own_is_not_overwritten(
    pupil: Pupil, make_pupil: MakePupil
) -> None:
    code = await code_of(pupil)
    new = make_pupil()
    await new.register()
    assert "practised already" in text_of(await new.say(f"/move {code}"))
    assert len(await all_of(Student)) == 2


async def test_who_is_shut_out_is_not_answered_until_let_in(pupil: Pupil) -> None:
    async with database.session_scope() as db:
        await privacy.bar_for_operator(db, pupil.id, clock.now(), barred=True)
    assert await pupil.say("/practice") == []
    [student] = await all_of(Student)
    assert student.next_nudge_at is None
    async with database.session_scope() as db:
        await privacy.bar_for_operator(db, pupil.id, clock.now(), barred=False)
    assert "Question 1 of 5" in text_of(await pupil.say("/practice"))
    async with database.read_scope() as db:
        found = await db.execute(select(AuditEvent.action, AuditEvent.actor))
        assert list(found) == [(AuditAction.BLOCK, "operator"), (AuditAction.UNBLOCK, "operator")]
