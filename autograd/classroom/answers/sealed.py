"""Seals: an answer that can be recognised and cannot be read.

A seal is a salted hash, computed slowly on purpose (PBKDF2, RFC 8018), so that trying out all the
numbers of two decimals is more work than the exercise. It keeps an honest student from a glance at
the key. It is no lock: who has the expression can also ask the engine.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

ROUNDS = 4_000  # some milliseconds for each look
DECIMALS = 6


@dataclass(frozen=True)
class Seal:
    """What stands for a sealed answer, as text: ``decimals$salt$hash``.

    ``opens`` tells whether an answer is the sealed one. Numbers are compared after rounding to that
    many decimals, words without regard to capitals and spaces.

    Raises ValueError if the text is not one that ``seal`` has made.

    >>> seal(0.75, salt="7f").opens(0.75), seal(0.75, salt="7f").opens(0.76)
    (True, False)
    """

    text: str

    def __post_init__(self) -> None:
        decimals, *rest = self.text.split("$")
        if not decimals.isdecimal() or len(rest) != 2:
            raise ValueError(
                f"{self.text[:40]!r} is not a seal: paste the whole text that seal(answer) gives."
            )

    def opens(self, answer: float | str) -> bool:
        """Whether the answer is the sealed one."""
        decimals, salt, digest = self.text.split("$")
        return hmac.compare_digest(digest, hashed(hashed_form(answer, int(decimals)), salt))

    def __str__(self) -> str:
        return self.text


def seal(answer: float | str, *, decimals: int = DECIMALS, salt: str | None = None) -> Seal:
    """Return the seal of a number or a word; without a ``salt``, a different one each time.

    >>> seal("loss", salt="7f") == seal(" Loss ", salt="7f")
    True
    """
    salt = secrets.token_hex(8) if salt is None else salt
    return Seal(f"{decimals}${salt}${hashed(hashed_form(answer, decimals), salt)}")


def hashed_form(answer: float | str, decimals: int) -> str:
    """Return the one form of an answer that is hashed."""
    if isinstance(answer, str):
        return "".join(answer.split()).casefold()
    return f"{round(answer, decimals) + 0.0:.{decimals}f}"


def hashed(text: str, salt: str) -> str:
    """Return the hash of a text."""
    # Python in a browser comes without OpenSSL, and so without its quick form of the same.
    pbkdf2 = getattr(hashlib, "pbkdf2_hmac", pbkdf2_hmac)
    digest: bytes = pbkdf2("sha256", text.encode(), salt.encode(), ROUNDS)
    return digest.hex()[:32]


def pbkdf2_hmac(name: str, password: bytes, salt: bytes, rounds: int) -> bytes:
    """Return what ``hashlib.pbkdf2_hmac`` returns: its first block (RFC 8018, section 5.2).

    >>> pbkdf2_hmac("sha256", b"password", b"salt", 2).hex()[:16]
    'ae4d0c95af6b46d3'
    """
    keyed = hmac.new(password, digestmod=name)

    def turn(message: bytes) -> bytes:
        one = keyed.copy()  # the key is worked in once, and not in every round
        one.update(message)
        return one.digest()

    last = turn(salt + (1).to_bytes(4, "big"))
    total = int.from_bytes(last, "big")
    for _ in range(rounds - 1):
        last = turn(last)
        total ^= int.from_bytes(last, "big")
    return total.to_bytes(keyed.digest_size, "big")
