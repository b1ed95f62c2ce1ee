"""Does a text give the answer of a problem away?"""
