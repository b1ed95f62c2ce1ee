"""Looking after a running Dars: health, housekeeping, backups."""
