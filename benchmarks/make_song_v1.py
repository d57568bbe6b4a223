"""Song and picture of the public benchmark, written anew: `python benchmarks/make_song_v1.py`.

They are in the repository, so that everybody renders the same bits; this shows where they come from. Nobody has rights in them.
"""

from __future__ import annotations

from pathlib import Path

import _setup  # noqa: F401
import av
import numpy as np

from audio_loop.demo.picture import face
from audio_loop.tests.songs import make_song

FOLDER = Path(__file__).resolve().parent / "song_v1"
SONG_SEED = 28
"""Intro, verse, chorus, instrumental, verse, chorus, outro at 96.6 beats a minute, sung; 61.8 s, so four windows of 19.88 s."""
SAMPLE_RATE_HZ = 16_000


def main() -> None:
    """Writes the two files."""
    samples = make_song(SONG_SEED).samples
    whole = np.round(np.clip(samples, -1, 1) * 32767).astype(np.int16)[None]
    with av.open(str(FOLDER / "song.flac"), "w") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE_HZ, layout="mono")
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    face().save(FOLDER / "picture.png", optimize=True)


if __name__ == "__main__":
    main()
