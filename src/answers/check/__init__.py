"""Holds a stored answer against the check that its author wrote from the question."""
