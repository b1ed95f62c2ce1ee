"""Numbers about practice and grades, each with its window, its count and its doubt."""
