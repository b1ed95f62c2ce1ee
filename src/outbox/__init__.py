"""The outbox: what Dars writes first, and what it has to say later."""
