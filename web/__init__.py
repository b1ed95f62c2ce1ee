"""The door for teachers and for programs; for now, the port for operators."""
