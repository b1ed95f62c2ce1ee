"""Deadlines: what is due in one list, and reminders that are neither missed nor doubled."""
