"""The diagnosis of a video: symptoms, their causes in order, and every number; as data for programs and the browser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .kinds import Kind, Layer
from .seen import Curve, Figure, Stretch, Symptom

FORMAT = "audio_loop.diagnosis"
VERSION = 1


@dataclass(frozen=True)
class PartToRetake:
    """A part of the video to make again with the retake workflow.

    Attributes:
        window: Number of the window; None if the part is no single window.
        start_seconds: Its start in the video.
        end_seconds: Its end in the video.
    """

    window: int | None
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True)
class Cause:
    """One cause of what is seen, and its cure.

    Attributes:
        name: Of the file in `doctor/causes/` that found it.
        layer: Where in the order of the guide it belongs.
        title: The cause, a sentence.
        evidence: What speaks for it, a sentence each.
        mend: The command, or the widget and its value.
        where: The node in the workflow that it concerns; "" if there is none.
        retake: The part to make again; None if a retake alone does not help.
        strength: Of the strongest symptom that it explains.
        kinds: The symptoms that it explains.
        is_backed: Whether something besides the symptom speaks for it; if not, it is only possible.
    """

    name: str
    layer: Layer
    title: str
    evidence: tuple[str, ...]
    mend: str
    where: str = ""
    retake: PartToRetake | None = None
    strength: float = 1.0
    kinds: tuple[Kind, ...] = ()
    is_backed: bool = False


@dataclass(frozen=True)
class NamedStretch:
    """A window's new frames, or a section of the schedule, on the video.

    Attributes:
        name: "window 3", or the prompt.
        start_seconds: Its start.
        end_seconds: Its end.
    """

    name: str
    start_seconds: float
    end_seconds: float


@dataclass(frozen=True)
class Diagnosis:
    """Everything that is told of a video.

    Attributes:
        video: Name of the file.
        width: In pixels.
        height: In pixels.
        fps: Frames per second.
        frames: Their number.
        codec: As FFmpeg names it.
        symptoms: What is wrong, the strongest first.
        causes: The most likely first.
        figures: Every number.
        curves: For plots.
        windows: Where the windows lie; empty if that is not known.
        sections: The prompts of the schedule, as they are seen.
        known: What was known of the video's origin, a sentence each.
        not_looked_at: What could not be looked at and what would help, a sentence each.
    """

    video: str
    width: int
    height: int
    fps: float
    frames: int
    codec: str
    symptoms: tuple[Symptom, ...]
    causes: tuple[Cause, ...]
    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...]
    windows: tuple[NamedStretch, ...] = ()
    sections: tuple[NamedStretch, ...] = ()
    known: tuple[str, ...] = ()
    not_looked_at: tuple[str, ...] = ()

    @property
    def duration_seconds(self) -> float:
        """Length by its number of frames."""
        return self.frames / self.fps

    @property
    def verdict(self) -> str:
        """The outcome in a sentence."""
        if not self.symptoms:
            where = " in what could be looked at" if self.not_looked_at else ""
            return f"Nothing wrong was found{where}."
        count = len(self.symptoms)
        first = f"{count} symptom{'s' if count > 1 else ''}."
        if not self.causes:
            return f"{first} No cause is known."
        return f"{first} Look first at this: {self.causes[0].title}."

    def to_json(self) -> dict[str, Any]:
        """The diagnosis as plain JSON values; `doctor/schema.json` describes them."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "video": {
                "name": self.video,
                "width": int(self.width),
                "height": int(self.height),
                "fps": float(self.fps),
                "frames": int(self.frames),
                "codec": self.codec,
                "duration_seconds": float(self.duration_seconds),
            },
            "verdict": self.verdict,
            "symptoms": [_symptom(each) for each in self.symptoms],
            "causes": [_cause(each) for each in self.causes],
            "figures": [_figure(each) for each in self.figures],
            "curves": [_curve(each) for each in self.curves],
            "windows": [_part(each) for each in self.windows],
            "sections": [_part(each) for each in self.sections],
            "known": list(self.known),
            "not_looked_at": list(self.not_looked_at),
        }


def _symptom(symptom: Symptom) -> dict[str, Any]:
    return {
        "kind": symptom.kind,
        "strength": _number(symptom.strength),
        "words": symptom.words,
        "stretches": [_stretch(each) for each in symptom.stretches],
        "figures": list(symptom.figures),
        "facts": {name: _number(value) for name, value in symptom.facts},
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    window = None if stretch.window is None else int(stretch.window)
    return {"start_seconds": float(stretch.start_seconds), "end_seconds": float(stretch.end_seconds), "window": window}


def _cause(cause: Cause) -> dict[str, Any]:
    retake = cause.retake
    return {
        "name": cause.name,
        "layer": cause.layer,
        "title": cause.title,
        "evidence": list(cause.evidence),
        "mend": cause.mend,
        "where": cause.where,
        "retake": None if retake is None else _stretch(Stretch(retake.start_seconds, retake.end_seconds, retake.window)),
        "strength": _number(cause.strength),
        "symptoms": list(cause.kinds),
        "is_backed": cause.is_backed,
    }


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "value": _number(figure.value),
        "unit": figure.unit,
        "threshold": _number(figure.threshold),
        "source": figure.source,
        "meaning": figure.meaning,
        "not_measured": figure.not_measured,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    return {
        "title": curve.title,
        "unit": curve.unit,
        "seconds": _numbers(curve.seconds),
        "values": _numbers(curve.values),
        "threshold": _number(curve.threshold),
        "marks": _numbers(curve.marks),
    }


def _part(part: NamedStretch) -> dict[str, Any]:
    return {"name": part.name, "start_seconds": float(part.start_seconds), "end_seconds": float(part.end_seconds)}


def _numbers(values: Sequence[float]) -> list[float | None]:
    return [_number(value) for value in values]


def _number(value: float | None) -> float | None:
    """A number that JSON has; a hole of a curve is null."""
    return None if value is None or not math.isfinite(value) else float(value)
