"""A diagnosis with something of everything."""

from __future__ import annotations

from audio_loop.doctor.diagnosis import Cause, Diagnosis, NamedStretch, PartToRetake
from audio_loop.doctor.seen import Curve, Figure, Stretch, Symptom

EVIL = "<script>alert('x')</script> & \"quotes\" \x00 \ud800"
"""Texts come from prompts and files, which anybody may have written."""


def diagnosis(words: str = "The picture jumps.", **changed: object) -> Diagnosis:
    """Of two seconds and two windows; `words` stand wherever text of others may."""
    cut = Symptom("visible_cut", 2.5, words, (Stretch(1.0, 1.04, 1),), ("cut_visibility",), (("joins", 1.0),))
    dull = Symptom("dull_audio", 1.2, "The sound is dull.", (Stretch(0.0, 2.0),), ())
    retake = PartToRetake(1, 1.0, 1.04)
    evidence = (words, "Windows share 1 s.")
    cause = Cause("short_overlap", "cuts", words, evidence, words, words, retake, 2.5, ("visible_cut",), True)
    values = {
        "video": words,
        "width": 64,
        "height": 48,
        "fps": 25.0,
        "frames": 50,
        "codec": "h264",
        "symptoms": (cut, dull),
        "causes": (cause, Cause("dull_song", "audio", "The song is dull", (), "python scripts/doctor.py X")),
        "figures": (
            Figure("cut_visibility", 2.5, "times an ordinary frame", 1.0, words, words),
            Figure("identity", None, "", 0.9, "", "", words),
        ),
        "curves": (Curve(words, words, (0.0, 1.0, 2.0), (1.0, float("nan"), 3.0), 2.0, (1.0,)),),
        "windows": (NamedStretch("window 0", 0.0, 1.0), NamedStretch("window 1", 1.0, 2.0)),
        "sections": (NamedStretch(words, 0.0, 1.0), NamedStretch("A man.", 1.0, 2.0)),
        "known": (words,),
        "not_looked_at": (words,),
    }
    return Diagnosis(**{**values, **changed})
