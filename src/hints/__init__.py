"""Hints: the authored ladder, named mistakes, and hints that a model makes for one wrong answer."""
