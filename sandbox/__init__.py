"""A local stand-in for the Telegram Bot API, with a web chat.

It speaks plain HTTP and imports nothing else of Dars.
"""
