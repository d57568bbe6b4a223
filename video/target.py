"""Where a video goes and whether it may: what can be said before anything is sampled."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .content import Encoding

log = logging.getLogger(__name__)


def encoding_of(format: str, crf: int, audio_kbps: int) -> Encoding:
    """The encoding that the widgets ask for: a crf below 0 and a bit rate of 0 are the format's own.

    Raises:
        VideoError: names the value and the range.
    """
    from .content import encoding

    return encoding(format, None if crf < 0 else crf, audio_kbps or None)


def clean(filename_prefix: str, prompt: Mapping[str, Any]) -> str:
    """The prefix with its placeholders filled in, as names that every file system takes."""
    from ..files.names import clean_prefix
    from .name_text import filled_in

    return clean_prefix(filled_in(filename_prefix, prompt, datetime.now()))


def target(
    filename_prefix: str, format: str, prompt: Mapping[str, Any] | None, size_px: tuple[int, int] = (0, 0)
) -> tuple[Path, str]:
    """The next free path of this name, whose folder is made, and that folder below the output folder."""
    import folder_paths

    from .errors import VideoWriteError
    from .formats import video_format
    from .partial_file import free_path
    from .refused_path import refusal

    name = clean(filename_prefix, prompt or {})
    if name != filename_prefix.strip("/") and "%" not in filename_prefix:
        log.warning("StreamingVideoSave: filename_prefix %r is saved as %r, which every system takes", filename_prefix, name)
    root = Path(folder_paths.get_output_directory())
    try:
        found = folder_paths.get_save_image_path(name, str(root), *size_px)
    except OSError as error:
        told = refusal(error, root / name)
        raise VideoWriteError(f"{told.reason}. {told.remedy}", None, 0) from error
    except Exception as error:  # ComfyUI raises a bare Exception for a folder that leads outside
        raise ValueError(
            f"filename_prefix {filename_prefix!r} leads outside the output folder {root}; choose a folder inside it"
        ) from error
    folder, stem, counter, subfolder, _ = found
    return free_path(Path(folder), stem, video_format(format).extension, counter), subfolder


def copy_path(path: Path) -> Path:
    """Where a copy for the browser goes."""
    import folder_paths

    from .partial_file import free_path

    return free_path(Path(folder_paths.get_temp_directory()), path.name, ".mp4")


def sound_files(prompt: Mapping[str, Any] | None, node_id: str) -> list[Path]:
    """Files of the LoadAudio nodes from which the node's audio may come; which of them it is has yet to be proved."""
    import folder_paths

    from ..loop_engine.prompt_links import as_link

    nodes = prompt or {}
    found: list[Path] = []
    seen: set[str] = set()
    waiting = [nodes.get(node_id, {}).get("inputs", {}).get("audio")]
    while waiting:
        link = as_link(waiting.pop())
        if link is None or link[0] in seen or link[0] not in nodes:
            continue
        seen.add(link[0])
        node = nodes[link[0]]
        inputs = node.get("inputs", {})
        name = inputs.get("audio")
        if node.get("class_type") == "LoadAudio" and isinstance(name, str) and folder_paths.exists_annotated_filepath(name):
            found.append(Path(folder_paths.get_annotated_filepath(name)))
        waiting += inputs.values()
    return found
