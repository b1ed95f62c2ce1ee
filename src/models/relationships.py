"""Exceptions from the rules of foreign keys, each with the reason."""

# No relationship on either side.
WITHOUT_RELATIONSHIP = {
    "budget_periods.student_id": "a budget is found by its key alone, and counts for nobody's page",
    "cost_records.problem_id": "the ledger is summed, never followed to what a call was about",
    "hint_requests.session_id": "a request is read with its pupil; the key is there for erasing",
    "hint_requests.problem_id": "a request is read with its pupil; the key is there for erasing",
    "kept_hints.problem_id": "the library is read whole, and a hint found by its own unique key",
}

# No index begins with them.
WITHOUT_INDEX = {
    "cost_records.problem_id": "problems are retired, not deleted, and the ledger is summed whole",
}
