"""manifest.json: what a run consists of. A versioned, schema-checked document, changed only by making a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...files.json_document import JsonDocumentError, dump_json, parse_json
from ...files.schema_check import JsonSchemaError, check_schema
from ..errors import CheckpointError, DamagedManifestError, NewerManifestError
from ..take import FILE_PATTERN, HIGHEST_INDEX, TAKE_SCHEMA, Take, is_segment_file_of, take_from_json, utc_now

FORMAT = "audio_loop.checkpoint_run"
VERSION = 4
"""2 added what each take continues, who chose it and when it was picked by hand; 3 the versions that made it; 4 what it meets.
Earlier ones are read as they are, and a run is written in the oldest that holds all its takes."""
LONGEST_MANIFEST_BYTES = 256 << 20

MANIFEST_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A checkpoint run of Audio Loop",
    "type": "object",
    "additionalProperties": False,
    "required": ["format", "version", "run", "identity", "created", "plan", "segments"],
    "properties": {
        "format": {"const": FORMAT},
        "version": {"type": "integer", "minimum": 1, "maximum": VERSION},
        "run": {"type": "string", "maxLength": 200},
        "identity": {"type": "string", "maxLength": 200},
        "created": TAKE_SCHEMA["properties"]["created"],
        "plan": {"type": ["object", "null"]},
        "segments": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["index", "chosen", "locked", "takes"],
                "properties": {
                    "index": {"type": "integer", "minimum": 0, "maximum": HIGHEST_INDEX},
                    "chosen": {"type": ["string", "null"], "maxLength": 64},
                    "locked": {"type": "boolean"},
                    "chosen_by": {
                        "type": "object",
                        "additionalProperties": {"type": "string", "maxLength": 64},
                    },
                    "takes": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": ["file", "take"],
                            "properties": {
                                "file": {"type": "string", "pattern": FILE_PATTERN},
                                "take": TAKE_SCHEMA,
                                "picked": TAKE_SCHEMA["properties"]["created"],
                            },
                        },
                    },
                },
            },
        },
    },
}


@dataclass(frozen=True)
class StoredTake:
    """A take and the file in the run's folder that holds it.

    Attributes:
        file: Its name.
        take: How it was made.
        picked: When a person last chose it, UTC time in ISO 8601; "" if nobody did.
    """

    file: str
    take: Take
    picked: str = ""

    @property
    def preferred(self) -> str:
        """Of several takes that answer one question, the one with the latest of these times is meant."""
        return max(self.picked, self.take.created)


@dataclass(frozen=True)
class StoredWindow:
    """All takes of one window.

    Attributes:
        index: Of the window; 0 is the initial render.
        takes: In order of making, each fingerprint once.
        chosen: Fingerprint of the take that belongs in the video, or None if there is no take.
        locked: Whether the chosen take stands even if the window's fingerprint says otherwise.
        chosen_by: Project -> fingerprint of the take that it took last. Several graphs may use one run; what any of them
            shows is never deleted.
    """

    index: int
    takes: tuple[StoredTake, ...] = ()
    chosen: str | None = None
    locked: bool = False
    chosen_by: Mapping[str, str] = field(default_factory=dict)

    @property
    def in_use(self) -> frozenset[str]:
        """Fingerprints of the takes that belong in somebody's video."""
        return frozenset([*self.chosen_by.values(), *([self.chosen] if self.chosen else [])])

    def find(self, fingerprint: str | None) -> StoredTake | None:
        """The take with a fingerprint, or None."""
        return next((stored for stored in self.takes if stored.take.fingerprint == fingerprint), None)


@dataclass(frozen=True)
class Manifest:
    """A run.

    Attributes:
        run: Its name.
        identity: What a re-queue finds it by, or "" if the user named it.
        created: UTC time in ISO 8601.
        plan: The latest loop plan as JSON, or None.
        windows: In order of their index.
    """

    run: str
    identity: str = ""
    created: str = field(default_factory=utc_now)
    plan: Mapping[str, Any] | None = None
    windows: tuple[StoredWindow, ...] = ()

    def window(self, index: int) -> StoredWindow:
        """A window with its takes; it has none if nothing was made yet."""
        return next((window for window in self.windows if window.index == index), StoredWindow(index))

    def with_window(self, window: StoredWindow) -> Manifest:
        """This run with one window put in or replaced."""
        others = [other for other in self.windows if other.index != window.index]
        return replace(self, windows=tuple(sorted([*others, window], key=lambda each: each.index)))

    def with_take(self, index: int, stored: StoredTake, *, choose: bool, by: str = "") -> Manifest:
        """This run with a take added at the end, or put in place of the one with its fingerprint.

        Args:
            index: Of the window.
            stored: The take.
            choose: Whether it becomes the chosen one; it does in any case if there is none.
            by: The project that asked for it.
        """
        window = self.window(index)
        fingerprint = stored.take.fingerprint
        if window.find(fingerprint) is None:
            takes = (*window.takes, stored)
        else:
            takes = tuple(stored if old.take.fingerprint == fingerprint else old for old in window.takes)
        chosen = fingerprint if choose or window.chosen is None else window.chosen
        chosen_by = _chosen_by(window, by, fingerprint) if choose else window.chosen_by
        return self.with_window(replace(window, takes=takes, chosen=chosen, chosen_by=chosen_by))

    def without_take(self, index: int, fingerprint: str) -> Manifest:
        """This run without a take; if it was the chosen one, the newest that is left is chosen."""
        window = self.window(index)
        takes = tuple(stored for stored in window.takes if stored.take.fingerprint != fingerprint)
        chosen = window.chosen
        if chosen == fingerprint:
            chosen = takes[-1].take.fingerprint if takes else None
        chosen_by = {project: each for project, each in window.chosen_by.items() if each != fingerprint}
        locked = window.locked and bool(takes)
        return self.with_window(replace(window, takes=takes, chosen=chosen, locked=locked, chosen_by=chosen_by))

    def with_choice(self, index: int, fingerprint: str, *, locked: bool, by: str = "", picked: str = "") -> Manifest:
        """This run with another take chosen.

        Args:
            index: Of the window.
            fingerprint: The take's; its first digits are enough if they are unambiguous.
            locked: Whether the choice stands against a changed fingerprint.
            by: The project that chooses.
            picked: The time now, if a person chooses.

        Raises:
            CheckpointError: There is no such take, or more than one.
        """
        window = self.window(index)
        known = [stored.take.fingerprint for stored in window.takes]
        matching = [each for each in known if each.startswith(fingerprint)] if fingerprint else []
        if len(matching) != 1:
            listed = ", ".join(each[:12] for each in known) or "none"
            problem = "no take" if not matching else "more than one take"
            raise CheckpointError(f"window {index} has {problem} {fingerprint!r}; its takes are: {listed}")
        takes = tuple(
            replace(each, picked=picked) if picked and each.take.fingerprint == matching[0] else each for each in window.takes
        )
        chosen_by = _chosen_by(window, by, matching[0])
        return self.with_window(replace(window, takes=takes, chosen=matching[0], locked=locked, chosen_by=chosen_by))

    def with_newest_of(self, index: int, fingerprint: str, project: str) -> Manifest:
        """This run with a take as what a project shows, unless it has shown a later one. For runs whose manifest is lost."""
        window = self.window(index)
        known, stored = window.find(window.chosen_by.get(project)), window.find(fingerprint)
        if not project or stored is None or (known is not None and known.take.created >= stored.take.created):
            return self
        return self.with_window(replace(window, chosen_by={**window.chosen_by, project: fingerprint}))

    def with_lock(self, index: int, locked: bool) -> Manifest:
        """This run with a window locked or free.

        Raises:
            CheckpointError: There is nothing to lock.
        """
        window = self.window(index)
        if locked and window.chosen is None:
            made = ", ".join(str(each.index) for each in self.windows if each.takes) or "none"
            raise CheckpointError(f"window {index} has no take to lock; finished windows: {made}")
        return self.with_window(replace(window, locked=locked))


def _chosen_by(window: StoredWindow, by: str, fingerprint: str) -> Mapping[str, str]:
    if not by:
        return window.chosen_by
    # Versions before did not write down who chose. Whoever it was keeps it.
    is_of_before = not window.chosen_by and window.chosen not in (None, fingerprint)
    before = {"": window.chosen} if is_of_before and window.chosen else {}
    return {**before, **window.chosen_by, by: fingerprint}


def parse_manifest(data: bytes) -> Manifest:
    """Reads a manifest.

    Args:
        data: The file's content.

    Returns:
        The run.

    Raises:
        NewerManifestError: The format is ours and its version higher than this code knows.
        DamagedManifestError: Anything else that is not a manifest.
    """
    try:
        document = parse_json(data, longest_bytes=LONGEST_MANIFEST_BYTES)
        if isinstance(document, dict) and document.get("format") == FORMAT:
            version = document.get("version")
            if type(version) is int and version > VERSION:
                raise NewerManifestError(
                    f"manifest.json has version {version}; this Audio Loop reads up to {VERSION}. "
                    "Update the pack, or use another run name; the run is left as it is"
                )
        check_schema(document, MANIFEST_SCHEMA, "manifest")
    except (JsonDocumentError, JsonSchemaError) as error:
        raise DamagedManifestError(f"manifest.json is damaged: {error}") from error
    windows = tuple(_parse_window(each) for each in document["segments"])
    indexes = [window.index for window in windows]
    if indexes != sorted(set(indexes)):
        raise DamagedManifestError("manifest.json is damaged: its windows are not in order, each once")
    return Manifest(document["run"], document["identity"], document["created"], document["plan"], windows)


def dump_manifest(manifest: Manifest) -> bytes:
    """Writes a manifest: UTF-8 JSON, keys sorted, so that equal runs give equal bytes.

    Raises:
        ValueError: The plan has a value that JSON does not have.
    """
    return dump_json(
        {
            "format": FORMAT,
            "version": max((stored.take.format_version for each in manifest.windows for stored in each.takes), default=2),
            "run": manifest.run,
            "identity": manifest.identity,
            "created": manifest.created,
            "plan": None if manifest.plan is None else dict(manifest.plan),
            "segments": [_window_json(window) for window in manifest.windows],
        },
        indent=1,
    )


def _window_json(window: StoredWindow) -> dict[str, Any]:
    takes = [
        {"file": stored.file, "take": stored.take.to_json()} | ({"picked": stored.picked} if stored.picked else {})
        for stored in window.takes
    ]
    document = {"index": window.index, "chosen": window.chosen, "locked": window.locked, "takes": takes}
    return document | ({"chosen_by": dict(window.chosen_by)} if window.chosen_by else {})


def _parse_window(document: Mapping[str, Any]) -> StoredWindow:
    index = document["index"]
    takes = tuple(StoredTake(each["file"], take_from_json(each["take"]), each.get("picked", "")) for each in document["takes"])
    fingerprints = [stored.take.fingerprint for stored in takes]
    if len(set(fingerprints)) != len(takes) or len({stored.file for stored in takes}) != len(takes):
        raise DamagedManifestError(f"manifest.json is damaged: window {index} lists a take or a file twice")
    if not all(is_segment_file_of(stored.file, index, stored.take.fingerprint) for stored in takes):
        raise DamagedManifestError(f"manifest.json is damaged: window {index} lists a file of another take")
    chosen = document["chosen"]
    if (chosen is None) != (not takes) or (chosen is not None and chosen not in fingerprints):
        raise DamagedManifestError(f"manifest.json is damaged: window {index} has chosen a take it does not list")
    if document["locked"] and not takes:
        raise DamagedManifestError(f"manifest.json is damaged: window {index} is locked without a take")
    chosen_by = document.get("chosen_by", {})
    if not set(chosen_by.values()) <= set(fingerprints):
        raise DamagedManifestError(f"manifest.json is damaged: a project chose a take of window {index} it does not list")
    return StoredWindow(index, takes, chosen, document["locked"], chosen_by)
