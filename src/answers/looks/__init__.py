"""Other ways to read what was typed, one module for each kind of answer."""
