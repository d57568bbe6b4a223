"""The finished video among what a prompt made."""

from __future__ import annotations

from .errors import ComfyError
from .prompt_result import OutputFile, PromptResult

VIDEO_SUFFIXES = (".mp4", ".webm", ".mov", ".mkv")


def video_of(result: PromptResult) -> OutputFile:
    """The finished video among a prompt's outputs: the last one in the output folder.

    Raises:
        ComfyError: there is none.
    """
    videos = [file for file in result.files() if file.filename.lower().endswith(VIDEO_SUFFIXES)]
    kept = [file for file in videos if file.folder == "output"] or videos
    if not kept:
        raise ComfyError("the workflow ended without an error, but none of its nodes saved a video")
    return kept[-1]
