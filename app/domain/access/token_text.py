"""How a token is written: a prefix, 256 random bits, and a checksum by which scanners of secrets know it.

`muster_` + 43 characters + 6 characters of CRC-32 over what stands before, all of them digits and ASCII letters:
`muster_[0-9A-Za-z]{49}`. A double click marks the whole.
"""

import secrets
import string
import zlib

PREFIX = "muster_"
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECKSUM = 43, 6  # 62**43 > 2**256, 62**6 > 2**32


def new_secret() -> str:
    """Return a new token."""
    text = PREFIX + "".join(secrets.choice(_DIGITS) for _ in range(_RANDOM))
    return text + _checksum(text)


def is_well_formed(text: str) -> bool:
    """Tell whether a text can be a token at all; what cannot need not be looked for."""
    body = text.removeprefix(PREFIX)
    if len(body) != _RANDOM + _CHECKSUM or len(text) != len(PREFIX) + len(body) or not set(body) <= set(_DIGITS):
        return False
    return _checksum(text[:-_CHECKSUM]) == text[-_CHECKSUM:]


def _checksum(text: str) -> str:
    value, digits = zlib.crc32(text.encode()), ""
    for _ in range(_CHECKSUM):
        value, digit = divmod(value, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits
