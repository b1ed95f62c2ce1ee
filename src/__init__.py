"""The core of Dars. Knows no Telegram and no terminal."""
