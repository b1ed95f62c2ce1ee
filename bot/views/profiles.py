"""Several pupils on one phone, as they see it. Pure and synchronous."""

from collections.abc import Sequence
from dataclasses import replace

from bot.callbacks import Action, encode
from bot.replies import Button, Drawing, Keyboard, Picture, Reply, Say
from bot.words import Words
from src.accounts.profiles import MOST_PROFILES, Profile

ADD, RENAME, GO = "add", "rename", "go"


def profiles(t: Words, found: Sequence[Profile], keyboard: Keyboard) -> Say:
    """Return who practises on this phone, with a button for each of the others."""
    lines = [
        t("profile-on" if one.is_on else "profile-line", name=_called(t, one)) for one in found
    ]
    rows = [
        [Button(t("button-profile", name=_name(t, one)), encode(Action.PROFILE, one.id))]
        for one in found
        if not one.is_on
    ]
    if len(found) < MOST_PROFILES:
        rows.append([Button(t("button-profile-add"), encode(Action.PROFILE, ADD))])
    rows.append([Button(t("button-profile-rename"), encode(Action.PROFILE, RENAME))])
    said = "\n".join([t("profiles-heading"), *lines])
    return Say(f"{said}\n\n{t('profiles-apart')}", [*rows, *keyboard])


def switched(t: Words, name: str | None, keyboard: Keyboard) -> Say:
    """Say who has the phone now."""
    return Say(t("profile-switched", name=name or t("profile-unnamed")), keyboard)


def marked(t: Words, replies: Sequence[Reply], name: str | None) -> list[Reply]:
    """Return replies that say who is meant, where several share a phone."""
    mark = t("profile-mark", name=name or t("profile-unnamed"))
    return [_marked(mark, reply) for reply in replies]


def _marked(mark: str, reply: Reply) -> Reply:
    if isinstance(reply, Say):
        return replace(reply, text=f"{mark}\n{reply.text}")
    if isinstance(reply, Picture | Drawing):
        return replace(reply, caption=f"{mark}\n{reply.caption}")
    return reply


def _called(t: Words, one: Profile) -> str:
    grade = t(f"grade-name-{one.grade}") if one.grade else ""
    return " · ".join(part for part in (_name(t, one), grade) if part)


def _name(t: Words, one: Profile) -> str:
    return one.name or t("profile-unnamed")
