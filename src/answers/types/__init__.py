"""One module for each type of answer: how it is read and what is asked of its form."""
