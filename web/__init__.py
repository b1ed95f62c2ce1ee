"""The door of teachers and of programs; for now, the port that operators look at."""
