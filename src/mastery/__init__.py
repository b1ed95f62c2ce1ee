"""What a pupil can do, and what is due for another look."""
