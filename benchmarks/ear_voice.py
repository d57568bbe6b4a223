"""How well a voice is heard that speaks: alone, over music, and before a crowd that laughs and claps.

    python benchmarks/ear_voice.py
    python benchmarks/ear_voice.py --talks 10 --without-librosa

espeak-ng says sentences of six languages in ten voices; the music under it is that of `tests/songs` without their singers, the
crowd is made of claps. Seeds from 3000 on: none was listened to while the analysis was made. Beside our figure stands that of
librosa's `pyin`, whose voiced flag is what its documentation shows. Runs on the CPU. Prints a Markdown table. Sung voices are
in `benchmarks/ear.py`.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass

import _setup
import numpy as np
from numpy.typing import NDArray

from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.analysis.song_analysis import VoiceStretch
from audio_loop.audio.analysis.voice import VoiceListener

FIRST_SEED = 3000
SECONDS = 40
STEP = 0.02
BREATH_SECONDS = 0.3
CLAPS_PER_SECOND = 300

Sound = NDArray[np.float32]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Talk:
    """A sound and the truth about it: whether there is speech, and a crowd, each 20 ms."""

    samples: Sound
    speech: Marks
    crowd: Marks


def main() -> None:
    """Runs all talks and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--talks", type=int, default=40, help="how many of each kind")
    parser.add_argument("--without-librosa", action="store_true", help="only our own figures")
    arguments = parser.parse_args()
    _setup.enter_environment()
    seeds = range(FIRST_SEED, FIRST_SEED + arguments.talks)
    print("| | speech, F | of it called speech | crowd, F | CPU s for a minute | pyin's voiced flag, F |")
    print("|---|---|---|---|---|---|")
    kinds = {"a talk alone": None, **{f"over music, {db} dB below": db for db in (20, 15, 10, 5, 0)}}
    for title, below_db in kinds.items():
        print(row(title, (over_music(seed, below_db) for seed in seeds), not arguments.without_librosa), flush=True)
    print(row("before a crowd", (before_a_crowd(seed) for seed in seeds), not arguments.without_librosa))
    print(f"\n{arguments.talks} of each, {SECONDS} s; {platform.machine()}, {platform.system()}.")


def row(title: str, talks: Iterator[Talk], with_librosa: bool) -> str:
    """One line: all talks of a kind together."""
    true, told, called, crowd, crowd_told, voiced = ([] for _ in range(6))
    began, seconds, spent = 0.0, 0.0, 0.0
    for talk in talks:
        began = time.process_time()
        listener = VoiceListener()
        listener.add(talk.samples)
        stretches = listener.result().stretches
        spent += time.process_time() - began
        seconds += len(talk.samples) / LISTENING_HZ
        count = len(talk.speech)
        true.append(talk.speech)
        told.append(marks(stretches, count, "speech", "singing"))
        called.append(marks(stretches, count, "speech"))
        crowd.append(talk.crowd)
        crowd_told.append(marks(stretches, count, "crowd"))
        if with_librosa:
            voiced.append(pyin_voiced(talk.samples, count))
    speech, heard = np.concatenate(true), np.concatenate(told)
    right = speech & heard
    figures = [
        f"{f_of(speech, heard):.3f}",
        f"{np.mean(np.concatenate(called)[right]):.3f}",
        f"{f_of(np.concatenate(crowd), np.concatenate(crowd_told)):.3f}" if np.concatenate(crowd).any() else "–",
        f"{60 * spent / seconds:.2f}",
        f"{f_of(speech, np.concatenate(voiced)):.3f}" if voiced else "–",
    ]
    return f"| {title} | {' | '.join(figures)} |"


def f_of(true: Marks, told: Marks) -> float:
    """Harmonic mean of precision and recall."""
    return float(2 * np.sum(true & told) / max(1, true.sum() + told.sum()))


def marks(stretches: tuple[VoiceStretch, ...], count: int, *kinds: str) -> Marks:
    """Whether there is one of these kinds, each 20 ms."""
    found = np.zeros(count, np.bool_)
    for each in stretches:
        if each.kind in kinds:
            found[round(each.start_seconds / STEP) : round(each.end_seconds / STEP)] = True
    return found


def over_music(seed: int, below_db: float | None) -> Talk:
    """A talk, with a song without a singer that is so much less loud; None for no song."""
    from audio_loop.tests.songs import make_song

    talk = spoken_talk(seed, SECONDS)
    if below_db is None:
        return talk
    song = np.resize(make_song(seed, voice=False).samples, len(talk.samples))
    gain = level(talk.samples[talk.samples != 0]) / level(song) * 10 ** (-below_db / 20)
    return Talk((talk.samples + gain * song).astype(np.float32), talk.speech, talk.crowd)


def before_a_crowd(seed: int) -> Talk:
    """Two talks, each followed by 3 s of applause."""
    random = np.random.default_rng([seed, 1])
    parts = []
    for number in range(2):
        talk = spoken_talk(seed + 500 * number, SECONDS / 2)
        end = int(np.flatnonzero(talk.speech)[-1] * STEP * LISTENING_HZ) + LISTENING_HZ // 4
        claps = applause(3.0, random)
        samples = np.concatenate([talk.samples[:end], claps, np.zeros(LISTENING_HZ // 2, np.float32)])
        count = int(len(samples) / LISTENING_HZ / STEP)
        crowd = np.zeros(count, np.bool_)
        crowd[int(end / LISTENING_HZ / STEP) : int((end + len(claps)) / LISTENING_HZ / STEP)] = True
        parts.append((samples[: int(count * STEP * LISTENING_HZ)], np.resize(talk.speech, count) & ~crowd, crowd))
    samples, speech, crowd = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return Talk((samples + 2e-4 * random.standard_normal(len(samples))).astype(np.float32), speech, crowd)


def spoken_talk(seed: int, seconds: float) -> Talk:
    """Sentences with pauses of 0.15 to 2.5 s; pauses that are shorter than a breath belong to the speech."""
    from scipy.signal import resample_poly

    from audio_loop.tests.speech import SPEECH_HZ, VOICES, sentences, spoken

    random = np.random.default_rng([seed, 0])
    voice = VOICES[seed % len(VOICES)]
    speed, pitch = int(random.integers(130, 220)), int(random.integers(20, 80))
    samples, at = np.zeros(int(seconds * LISTENING_HZ), np.float32), int(0.5 * LISTENING_HZ)
    speech = np.zeros(int(seconds / STEP), np.bool_)
    while True:
        text = str(random.choice(sentences(voice)))
        said = resample_poly(spoken(text, voice, speed, pitch), LISTENING_HZ // 50, SPEECH_HZ // 50)
        loud = np.flatnonzero(np.abs(said) > 0.01)
        said = said[loud[0] : loud[-1]]
        if at + len(said) > len(samples):
            break
        samples[at : at + len(said)] = said
        speech[int(at / LISTENING_HZ / STEP) : int((at + len(said)) / LISTENING_HZ / STEP)] = True
        pause = float(random.choice([0.15, 0.4, 1.0, 2.5]))
        if pause < BREATH_SECONDS:
            speech[int((at + len(said)) / LISTENING_HZ / STEP) :][: round(pause / STEP)] = True
        at += len(said) + int(pause * LISTENING_HZ)
    return Talk(0.1 * samples / level(samples[samples != 0]), speech, np.zeros(len(speech), np.bool_))


def applause(seconds: float, random: np.random.Generator) -> Sound:
    """Many hands: bursts of noise that die in 5 ms, more of them in the middle."""
    samples, clap = np.zeros(int(seconds * LISTENING_HZ)), np.exp(-np.arange(800) / 80)
    for at in random.beta(1.5, 1.5, int(CLAPS_PER_SECOND * seconds)) * (len(samples) - 800):
        samples[int(at) : int(at) + 800] += random.uniform(0.3, 1) * clap * random.standard_normal(800)
    return (0.07 * samples / level(samples)).astype(np.float32)


def level(samples: np.ndarray) -> float:
    """RMS."""
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)))


def pyin_voiced(samples: Sound, count: int) -> Marks:
    """librosa's voiced flag, each 20 ms."""
    import librosa

    hop = round(STEP * LISTENING_HZ)
    _, voiced, _ = librosa.pyin(
        samples, fmin=80.0, fmax=800.0, sr=LISTENING_HZ, frame_length=1024, hop_length=hop, resolution=0.25
    )
    return np.resize(voiced, count)


if __name__ == "__main__":
    main()
