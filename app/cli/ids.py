"""Which texts of the command line can be the id of something in the register."""

from app.core.fields import INT64_MAX


def is_id(text: str) -> bool:
    """Tell whether a text is a positive whole number that an id can be."""
    return text.isascii() and text.isdecimal() and len(text) <= len(str(INT64_MAX)) and 0 < int(text) <= INT64_MAX
