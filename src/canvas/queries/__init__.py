"""All SQL of the mirror: private to ``src/canvas``."""
