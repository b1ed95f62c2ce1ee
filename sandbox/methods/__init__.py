"""The methods of the Bot API; importing this package registers them all."""

from sandbox.methods import chats, delivery, editing, media, profile, sending, stars

__all__ = ["chats", "delivery", "editing", "media", "profile", "sending", "stars"]
