"""The bounds that hold before any work is done on what a pupil typed."""

MAX_RAW = 2_000  # code points looked at all; more is refused unread
MAX_LENGTH = 120  # code points after trimming and dropping invisible marks
MAX_DIGITS = 18  # in one number
MAX_EXPONENT = 20
MAX_TOKENS = 60
MAX_DEPTH = 8  # of brackets
MAX_TERMS = 120  # of one polynomial
MAX_BITS = 256  # of one coefficient
MAX_PRODUCTS = 2_000  # term by term multiplications for one expression
MAX_POWERS = 60  # sum of the exponents in one answer, which may hold several expressions
