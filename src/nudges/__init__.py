"""Nudges: one friendly message on a local day without practice, at the hour the pupil chose."""
