"""Run names and filename prefixes: what a user types becomes one path inside the output folder, or is refused.

The rule for one name (a folder or a file stem):

1. Unicode is composed (NFC), so that the same word typed on two systems is the same folder.
2. Control, format, private and unassigned characters, and `< > : " / \\ | ? *`, become `_`; runs of `_` shrink to one.
3. Spaces and dots at either end go (Windows drops them silently; a leading dot hides the folder).
4. Names that Windows keeps for devices (CON, NUL, COM1 ..., also `con.txt`) get a `_` in front.
5. More than 80 bytes of UTF-8 are cut at a character, and eight digits of a hash of the whole name keep it distinct.
6. Nothing left is `untitled`.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path, PureWindowsPath

from .hashing import digest_parts

LONGEST_NAME_BYTES = 80
EMPTY_NAME = "untitled"
_FORBIDDEN = frozenset('<>:"/\\|?*')
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_DEVICE = re.compile(r"(?i)^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])[ ]*(\.|$)")


class UnsafeNameError(ValueError):
    """A run name or filename prefix would leave the output folder."""


def clean_name(text: str) -> str:
    """Turns any text into one file or folder name that every common file system takes.

    Args:
        text: What the user typed, or a song's title.

    Returns:
        1 to 80 bytes of UTF-8 without separators; cleaning it again changes nothing.
    """
    composed = unicodedata.normalize("NFC", text)
    kept = "".join("_" if _is_forbidden(character) else character for character in composed)
    name = _trim(re.sub(r"_{2,}", "_", kept))
    if _DEVICE.match(name):
        name = f"_{name}"
    if len(name.encode("utf-8")) > LONGEST_NAME_BYTES:
        tail = f"_{digest_parts('name', text).hex()[:8]}"
        head = name.encode("utf-8")[: LONGEST_NAME_BYTES - len(tail)].decode("utf-8", "ignore")
        name = _trim(head).rstrip("_") + tail
    return name or EMPTY_NAME


def clean_prefix(text: str) -> str:
    """Turns a filename prefix with optional sub-folders ("videos/my song") into a relative POSIX path.

    A name that every file system takes stays as it is, so that files are called what ComfyUI's own savers call them; how
    long it may be, the disk says. Any other name is cleaned.

    Args:
        text: A prefix as in ComfyUI's save nodes; `/` and `\\` both separate folders.

    Returns:
        Names joined by `/`.

    Raises:
        UnsafeNameError: The prefix is absolute, names a drive or a share, or climbs with `..`.
    """
    parts = text.replace("\\", "/").split("/")
    kept = [part for part in parts if part.strip(" .") and not _is_drive(part)]
    nearest = "/".join(part if _is_usable(part) else clean_name(part) for part in kept) or EMPTY_NAME
    if text.startswith(("/", "\\")) or PureWindowsPath(text).drive or _is_drive(parts[0]):
        raise UnsafeNameError(
            f"filename prefix {text!r} is an absolute path; it must lie inside the output folder, as {nearest!r} does"
        )
    if any(part.strip() == ".." for part in parts):
        raise UnsafeNameError(f"filename prefix {text!r} climbs out of its folder with '..'; {nearest!r} would work")
    return nearest


def resolve_inside(root: Path, relative: str) -> Path:
    """Resolves a relative path below a root, symbolic links included.

    Args:
        root: The folder nothing may leave; it may itself be a link.
        relative: A path below it, as `clean_name` and `clean_prefix` return it.

    Returns:
        The absolute path; it need not exist.

    Raises:
        UnsafeNameError: The path, or a link on the way, leads outside the root, or to the root itself.
    """
    if "\0" in relative:
        raise UnsafeNameError(f"path {relative!r} holds a zero byte")
    base = root.resolve()
    try:
        target = (base / relative).resolve()
    except (OSError, RuntimeError) as error:  # a loop of links is a RuntimeError before Python 3.13
        raise UnsafeNameError(f"path {relative!r} cannot be resolved inside {base}: {error}") from error
    if target == base or not target.is_relative_to(base):
        raise UnsafeNameError(f"path {relative!r} leads to {target}, which is not inside {base}")
    return target


def _is_forbidden(character: str) -> bool:
    return character in _FORBIDDEN or unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def _is_usable(name: str) -> bool:
    return name == _trim(name) and not _DEVICE.match(name) and not any(map(_is_forbidden, name))


def _is_drive(part: str) -> bool:
    return bool(re.match(r"^[A-Za-z]:", part.strip()))


def _trim(name: str) -> str:
    return name.strip().strip(".").strip() if name.strip(". ") else ""
