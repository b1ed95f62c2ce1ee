"""Streaks: how many local days in a row a pupil has worked in a session and finished it."""
