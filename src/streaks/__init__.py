"""Streaks: how many local days in a row a pupil has finished a session."""
