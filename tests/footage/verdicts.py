"""The doctor's word on a video, kept beside it, so that a corpus goes on where it was stopped."""

from __future__ import annotations

import functools
import hashlib
import json
import pickle
from dataclasses import asdict
from pathlib import Path

from audio_loop.doctor.case import Case
from audio_loop.doctor.examine import examine
from audio_loop.watching.watch import watch
from audio_loop.watching.watched_video import WatchedVideo

from .corpora import Item
from .scoring import Verdict
from .values import Footage

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("watching", "doctor", "audio", "schedule", "loop_control", "prompting")
"""Whose code a verdict hangs on."""


def verdict_of(item: Item, folder: Path) -> Verdict:
    """Makes, watches and examines one video, or finds that it was done with the same code."""
    footage = item.made(folder)
    kept = folder / "verdicts" / f"{footage.path.name}.{_hash_of(ROOMS)}.json"
    if kept.exists():
        stored = json.loads(kept.read_text("utf-8"))
        return Verdict(**{name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()})
    found = examine(Case(_watched(footage), footage.plan, footage.song, footage.schedule)).symptoms
    verdict = Verdict(
        name=footage.path.name,
        truth=tuple(defect.kind for defect in footage.defects),
        named=tuple(symptom.kind for symptom in found),
        strengths=tuple(round(symptom.strength, 2) for symptom in found),
        traits=footage.traits,
        faint=item.faint,
    )
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps(asdict(verdict)), "utf-8")
    return verdict


def _watched(footage: Footage) -> WatchedVideo:
    kept = footage.path.with_name(f"{footage.path.name}.{_hash_of(('watching',))}.watched")
    if kept.exists():
        # Only this module writes there.
        watched: WatchedVideo = pickle.loads(kept.read_bytes())
        return watched
    watched = watch(footage.path)
    kept.write_bytes(pickle.dumps(watched))
    return watched


@functools.cache
def _hash_of(rooms: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
