"""The songs of a farm: which picture and which prompts belong to each, and what its run is called on every server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..files.hashing import new_hasher
from ..files.names import clean_name

PICTURES = (".png", ".jpg", ".jpeg", ".webp")
PROMPTS = ".txt"


class SongRefusedError(ValueError):
    """A song cannot be rendered as it was given; the message says what to change."""


@dataclass(frozen=True)
class FarmSong:
    """One song and what is rendered with it.

    Attributes:
        audio: The file.
        picture: The picture beside it (same name, another ending); None leaves the workflow's.
        prompts: Its prompts with their times, as *prompts* of the workflow takes them; None leaves the workflow's.
        run: Name of its run, the same on every server: an edited prompt finds the windows that are there.
    """

    audio: Path
    picture: Path | None
    prompts: str | None
    run: str

    @property
    def name(self) -> str:
        """Its name for people."""
        return self.audio.stem


def songs_of(paths: Sequence[Path]) -> tuple[FarmSong, ...]:
    """The songs, with the picture (`song.png`) and the prompts (`song.txt`) that lie beside each.

    Raises:
        SongRefusedError: A file is not there or cannot be read, or two songs would be one.
    """
    found: dict[str, FarmSong] = {}
    for path in paths:
        song = _song(path)
        other = found.get(song.run)
        if other is not None:
            raise SongRefusedError(f"{path} and {other.audio} are the same song; give it once")
        found[song.run] = song
    videos: dict[str, FarmSong] = {}
    for song in found.values():
        other = videos.setdefault(song.name.casefold(), song)
        if other is not song:
            raise SongRefusedError(f"{song.audio} and {other.audio} would give videos of one name; rename one of them")
    return tuple(found.values())


def _song(path: Path) -> FarmSong:
    if not path.is_file():
        raise SongRefusedError(f"there is no song {path}")
    picture = next((each for suffix in PICTURES if (each := path.with_suffix(suffix)).is_file()), None)
    text = path.with_suffix(PROMPTS)
    try:
        prompts = text.read_text(encoding="utf-8") if text.is_file() else None
        digest = content_hash(path)
    except UnicodeDecodeError as error:
        raise SongRefusedError(f"{text} is not text in UTF-8: {error}") from error
    except OSError as error:
        raise SongRefusedError(f"{path} cannot be read: {error.strerror}") from error
    if prompts is not None and not prompts.strip():
        raise SongRefusedError(f"{text} is empty; write the prompts into it, or delete it to render with the workflow's")
    return FarmSong(path, picture, prompts, clean_name(f"{path.stem} farm {digest[:8]}"))


def content_hash(path: Path) -> str:
    """64 hexadecimal digits for what a file holds.

    Raises:
        OSError: It cannot be read.
    """
    hasher = new_hasher()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            hasher.update(block)
    return hasher.hexdigest()
