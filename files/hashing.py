"""The one content hash of the checkpoints, and its unambiguous framing.

BLAKE3 is a requirement of ComfyUI and hashes a model file about as fast as a disk delivers it. If it is missing,
BLAKE2b of the standard library takes its place; the name of the hash is part of every fingerprint, so the two never
meet.
"""

from __future__ import annotations

import hashlib

try:
    from blake3 import blake3
except ImportError:
    blake3 = None  # type: ignore[assignment, misc]  # a library that may be missing has no better type

ALGORITHM = "blake3" if blake3 is not None else "blake2b-256"
DIGEST_BYTES = 32
SHORT_HEX_DIGITS = 12


def new_hasher() -> blake3 | hashlib.blake2b:
    """Returns a fresh hasher with `update(buffer)`, `digest()` (32 bytes) and `hexdigest()`."""
    if blake3 is not None:
        return blake3(max_threads=blake3.AUTO)
    return hashlib.blake2b(digest_size=DIGEST_BYTES)


def digest_parts(kind: str, *parts: bytes | str) -> bytes:
    """Hashes a kind and its parts so that no two different lists of parts give the same input.

    Args:
        kind: What the parts are; digests of different kinds never collide.
        parts: Text (as UTF-8, lone surrogates kept) or bytes; each is preceded by its length.

    Returns:
        32 bytes.
    """
    hasher = hashlib.blake2b(digest_size=DIGEST_BYTES) if blake3 is None else blake3()
    for part in (kind, *parts):
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(len(data).to_bytes(8, "little"))
        hasher.update(data)
    return hasher.digest()


def short_hex(digest: bytes) -> str:
    """The first 12 hexadecimal digits of a digest: enough to tell two versions of one component apart."""
    return digest.hex()[:SHORT_HEX_DIGITS]
