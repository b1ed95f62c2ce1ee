"""Accounts: who a pupil is and what they chose."""
