"""Errors of checkpoints, one class per thing a caller may want to treat differently."""

from __future__ import annotations


class CheckpointError(Exception):
    """Base of every error that this folder raises on purpose; its text is meant for the user."""


class FingerprintRefusedError(CheckpointError):
    """A value or graph has no fingerprint that could be trusted, so nothing may be read back for it."""


class DamagedSegmentError(CheckpointError):
    """A segment file is truncated, altered, foreign or belongs to something else; it must not be loaded."""


class NotFiniteError(DamagedSegmentError):
    """A window holds NaN or Inf. It is whole as a file, and yet nothing may be made from it."""


class DamagedManifestError(CheckpointError):
    """A manifest cannot be read as one; the run is rebuilt from its segment files."""


class NewerManifestError(CheckpointError):
    """A manifest was written by a newer Audio Loop; this one neither reads nor replaces it."""


class StoreWriteError(CheckpointError):
    """A file of the store could not be written; what was there before is untouched."""


class DiskFullError(StoreWriteError):
    """The disk or the quota is used up."""


class FolderNotWritableError(StoreWriteError):
    """The folder is read-only for this process."""


class StoreBusyError(CheckpointError):
    """Another process held the run's lock for longer than any sane write takes."""
