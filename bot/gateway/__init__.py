"""What speaks HTTP: fetching and taking updates, sending, what Telegram knows of the bot."""
