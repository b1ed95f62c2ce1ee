"""The generated parts of a document that is otherwise written by hand."""

import re


def replace_section(text: str, name: str, content: str) -> str:
    """Put content between the marks of a section.

    Raises:
        ValueError: The document has no such marks.
    """
    start, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"the document has no section between {start} and {end}")
    return pattern.sub(lambda _: f"{start}\n{content.strip()}\n{end}", text)
