"""Reads text: from what was typed to exact numbers, expressions, units and words."""
