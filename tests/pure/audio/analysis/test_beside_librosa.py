"""Our beats and notes beside librosa's, on the same song: two ways that do not share a line of code agree."""

from __future__ import annotations

import librosa
import numpy as np

from audio_loop.audio.analysis.analyse import analyse
from audio_loop.audio.analysis.framing import LISTENING_HZ
from audio_loop.audio.analysis.key import key_of
from audio_loop.tests.songs import make_song

HOP = 1600


def test_tempo_beats_and_key_agree_with_those_of_librosa():
    song = make_song(6, tempo_bpm=110.0, drums=True, part_seconds=4.0)
    found = analyse([song.samples])
    tempo, times = librosa.beat.beat_track(y=song.samples, sr=LISTENING_HZ, hop_length=160, units="time")
    theirs = float(np.atleast_1d(tempo)[0])
    assert abs(found.tempo.bpm / theirs - 1) < 0.03
    apart = np.abs(np.subtract.outer(np.asarray(found.beats.seconds), times)).min(axis=1)
    assert np.mean(apart < 0.07) > 0.9

    chroma = librosa.feature.chroma_stft(y=song.samples, sr=LISTENING_HZ, n_fft=8192, hop_length=HOP, norm=None)
    by_their_notes = key_of(np.sqrt(chroma.T))
    assert (found.key.name, by_their_notes.name) == (f"{song.tonic} {song.mode}", f"{song.tonic} {song.mode}")
