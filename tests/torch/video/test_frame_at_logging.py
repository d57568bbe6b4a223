"""Frames are read while FFmpeg logs, on a busy machine: a decoder thread that logs must not hold up its own decoder's end."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack

from audio_loop.comfy_host.environment import REPOSITORY

READS = 300
BUSY_PROCESSES = 2
# They take a few seconds; a decoder that waits for ever takes longer than any machine is slow.
PATIENCE_SECONDS = 150
PROGRAM = """
import sys
from fractions import Fraction
sys.path.insert(0, sys.argv[1])
import _bootstrap
sys.path.pop(0)
import av
import numpy as np
from audio_loop.video.frame_at import frame_at

path = sys.argv[2]
with av.open(path, "w") as container:
    stream = container.add_stream("libx264", rate=25)
    stream.width = stream.height = 64
    stream.options = {"g": "1000", "bf": "3"}
    for number in range(60):
        picture = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 4 * number, np.uint8), format="rgb24")
        container.mux(stream.encode(picture))
    container.mux(stream.encode(None))
av.logging.set_level(av.logging.DEBUG)
for number in range(int(sys.argv[3])):
    frame_at(path, Fraction(number % 60, 25))
"""


def test_a_decoder_that_logs_can_be_closed(tmp_path):
    with ExitStack() as stack:
        for _ in range(BUSY_PROCESSES):
            busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stack.callback(busy.wait)
            stack.callback(busy.kill)
        command = [sys.executable, "-c", PROGRAM, str(REPOSITORY / "scripts"), str(tmp_path / "grey.mp4"), str(READS)]
        done = subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, done.stderr[-2000:]
