"""A stand-in school that speaks the part of Canvas' REST API that is used here.

It imports nothing else of the project. `docs/sandbox.md` describes it for who uses it.
"""
