"""Schools at Canvas: who is connected, what was fetched, what is mirrored of it."""
