"""What docs/analysis.md says of how a song is listened to is how the code listens; its measurements name their benchmarks."""

from __future__ import annotations

import pytest

from audio_loop.audio.analysis import (
    beats,
    boundaries,
    glides,
    key,
    mel,
    onsets,
    self_similarity,
    steps,
    talk,
    tempo,
    timbre,
    voice,
)
from audio_loop.audio.analysis.framing import LISTENING_HZ, WINDOW_SAMPLES
from audio_loop.audio.analysis.pitch import PITCH_HOP_SAMPLES

from .phrases import check, told, word

ELLIS_TIGHTNESS = 100
"""That of D. Ellis, "Beat tracking by dynamic programming" (2007), which the page compares with."""

FRAME_MS = 1000 / onsets.FRAMES_PER_SECOND
GLIDE_MS = 1000 * glides.GLIDE_HOP_SAMPLES / LISTENING_HZ
STAYS_MS = 2 * glides._MARGIN * GLIDE_MS


def window_ms(sight: glides.Sight) -> float:
    """Length of the spectra of a way to look."""
    return 1000 * sight.window / LISTENING_HZ


RHYTHM_AND_KEY = [
    ("listens to one channel at {:g} kHz", LISTENING_HZ / 1000),
    ("are bands ({} on the mel scale", mel.BANDS),
    ("audio encoder cuts them, {} a second)", onsets.FRAMES_PER_SECOND),
    ("their neighbours were {:g} ms earlier", onsets._LAG_FRAMES * FRAME_MS),
    ("tempos around {:g} with a width of {:g} octaves", tempo.PREFERRED_BPM, tempo._PREFERENCE_OCTAVES),
    ("a mean autocorrelation below {:g} there", tempo.WEAKEST),
    ("Onsets below {:g} Hz count beside", onsets._LOW_HZ),
    ("another length costs {} times what Ellis's does", word(beats._TIGHTNESS / ELLIS_TIGHTNESS)),
    ("unevenness of the notes must reach {:g}. ##", key.WEAKEST),
    ("| less than {:g} s | no tempo; less than {:g} s: no key", tempo.SHORTEST_SECONDS, key.SHORTEST_SECONDS),
]
VOICE = [
    ("the one {:g} to {:g} ms earlier", *(GLIDE_MS * sight.lag for sight in (glides.QUICK, glides.FINE))),
    ("looked at, of {:g} ms (consonants", window_ms(glides.QUICK)),
    ("and of {:g} ms (a narrow", window_ms(glides.FINE)),
    ("what stays for {:g} ms, under", STAYS_MS),
    ("the parts of {:g} s or so around", voice._AROUND_SECONDS),
    ("in which {} bands or more glide", word(glides._BANDS_AT_LEAST)),
    ("added up by {} weights", word(len(voice._WEIGHTS))),
    ("less than {:g} dB below its loudest", voice._BELOW_LOUD_DB),
    (
        "spectrum moves in {:g} ms, the sum over {} cepstral",
        *(timbre._MOVE_FRAMES * GLIDE_MS, word(timbre._COEFFICIENTS)),
    ),
    ("the border is {:g}, over {:g} s at least", voice._SPEECH_MOVEMENT, voice._KIND_SECONDS),
    ("flat in bands of {:g} Hz)", timbre._NOISE_BAND_BINS * LISTENING_HZ / WINDOW_SAMPLES),
    (
        "on for {:g} s, stands {:g} dB above the quiet of the recording, and begins while somebody speaks or within {:g} s",
        *(voice._NOISE_SECONDS, voice._CROWD_ABOVE_QUIET_DB, voice._CROWD_AFTER_SECONDS),
    ),
    ("1993), each {:g} ms. That", 1000 * PITCH_HOP_SAMPLES / LISTENING_HZ),
]
SECTIONS = [
    ("({} a second without one", {0.5: "half"}[steps._STEP_SECONDS]),
    ("so that there are {} at most)", steps.MOST_STEPS),
    ("how much {} groups of bands rise", word(steps._BAND_GROUPS)),
    ("with the {:g} s that lead to them", self_similarity._MEMORY_SECONDS),
    ("one to the other, {:g} s to each side", self_similarity._SIDE_SECONDS),
    ("A section is {:g} s or longer", boundaries.SHORTEST_SECONDS),
    ("after a pause of {:g} s or more", talk.PAUSE_SECONDS),
    ("and is at least {:g} s long", talk._SHORTEST_SECONDS),
]
FIGURES = told("docs/analysis.md", RHYTHM_AND_KEY + VOICE + SECTIONS)


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_page_are_those_of_the_ear(figure):
    check(figure)
