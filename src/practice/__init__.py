"""Practice: five problems chosen for a pupil, answered one at a time."""
