"""The people of a sandbox, each with a private chat."""

from sandbox.core import Sandbox
from sandbox.errors import Json, bad_request
from sandbox.views import full_view
from sandbox.world import Chat

_PROFILE = ("first_name", "last_name", "username", "language_code", "is_premium")


def meet(box: Sandbox, user_id: int, wish: Json) -> Json:
    """The person with this id, made or changed as wished, and their private chat.

    Raises:
        ApiError: The id or a name is not one that a person can have.
    """
    if user_id <= 0:
        raise bad_request("user id must be positive")
    for name in _PROFILE[:4]:
        if not isinstance(wish.get(name) or "", str):
            raise bad_request(f"{name} must be a text")
    known = box.world.users.get(user_id)
    changes: Json = {name: wish[name] for name in _PROFILE if wish.get(name)}
    if known is not None and not changes.items() - known.items():
        return known
    stranger: Json = {
        "id": user_id,
        "is_bot": False,
        "first_name": f"Pupil {user_id}",
        "language_code": "en",
    }
    user: Json = (known or stranger) | changes
    box.world.put_user(user)
    shown: Json = {
        name: user[name] for name in ("first_name", "last_name", "username") if name in user
    }
    info: Json = {"id": user_id, "type": "private", **shown}
    chat = box.world.chats.get(user_id) or Chat(info)
    chat.info = info
    box.world.put_chat(chat)
    box.events.publish("user", user=person(box, user))
    return user


def person(box: Sandbox, user: Json) -> Json:
    """A person as tools see them."""
    chat = box.world.chats[user["id"]]
    last = next(reversed(chat.entries.values()), None)
    return {
        **user,
        "blocked": chat.blocked,
        "started": chat.started,
        "last": full_view(last) if last else None,
    }
