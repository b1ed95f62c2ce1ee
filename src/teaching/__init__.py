"""Teachers, their classes, and what they see of the pupils who agreed to it."""
