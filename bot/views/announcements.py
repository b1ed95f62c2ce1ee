"""Announcements as a pupil sees them. Pure and synchronous."""

from html import escape

from bot.replies import Say
from bot.words import words
from src.operations.announcements import AnnouncedText


def announcement(notice: AnnouncedText) -> Say:
    """Return what the operators have to say, and how to hear no more of it."""
    t = words(notice.language)
    return Say(f"📢 {escape(notice.text, quote=False)}\n\n{t('announcement-stop')}")
