"""Teachers and their classes, and adults whom pupils chose to hear of their practice."""
