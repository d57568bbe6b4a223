"""Files that a ComfyUI that does not run would find: by its folders alone."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from pathlib import Path

from ..loop_control.audio_facts import AudioFacts
from ..workflow_graph.document import Document, DocumentError
from ..workflow_graph.reading.flow import Flow
from ..workflow_graph.schemas import Schemas
from .listening import Listened, listen_to
from .planning import song_name
from .song import read_song

_INPUT_NODES = frozenset({"LoadImage", "LoadAudio"})


class FoldersOfComfyUI:
    """The folders `models`, `input` and `output` of a ComfyUI.

    Args:
        folder: ComfyUI's own, or its base directory.
        song: File that the song's node is going to load whatever its name says now; None if it is not known.
    """

    def __init__(self, folder: Path, song: Path | None) -> None:
        self.folder = folder
        self.song = song

    @cached_property
    def _models(self) -> frozenset[str]:
        """Names of models as their loaders list them: without the folder of their kind."""
        found = (path.relative_to(self.folder / "models") for path in self.folder.glob("models/*/**/*") if path.is_file())
        return frozenset("/".join(path.parts[1:]) for path in found)

    def song_of(self, document: Document) -> AudioFacts | None:
        """The song that a workflow names, if it lies in `input`.

        Raises:
            PlanError: It is no song.
        """
        try:
            name = song_name(Flow(document, Schemas.load()))
        except DocumentError:
            return None
        path = self.folder / "input" / (name or "")
        return read_song(path) if path.is_file() else None

    def listen(self, name: str, start_seconds: Fraction, end_seconds: Fraction | None) -> Listened | None:
        """Hears the song: the given file, else the one of that name in `input`; see `Listen`."""
        path = self.song or self.folder / "input" / name
        return listen_to(path, start_seconds, end_seconds)

    def has_file(self, node_type: str, name: str, value: str) -> bool | None:
        """Whether a file is there; None if folders outside this one may hold it (`extra_model_paths.yaml`)."""
        if node_type == "LoadAudio" and name == "audio" and self.song is not None:
            return True
        if node_type in _INPUT_NODES:
            return (self.folder / "input" / value.removesuffix(" [input]")).is_file()
        if value.replace("\\", "/") in self._models:
            return True
        return None if (self.folder / "extra_model_paths.yaml").exists() else False

    def model_file(self, folder: str, name: str) -> Path | None:
        """The file of a model, by the folder of its kind; None if it is not there."""
        root = self.folder / "models" / folder
        path = root / name.replace("\\", "/")
        return path if path.is_file() and path.resolve().is_relative_to(root.resolve()) else None
