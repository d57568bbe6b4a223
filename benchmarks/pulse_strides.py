"""Whether the period of a decoder's tiles is right to one frame, for every stride from 8 to 600 frames.

    python benchmarks/pulse_strides.py
    python benchmarks/pulse_strides.py --every 7 --noise 2 --key-frames 48 --long 4.1

The numbers of frames are made, as in the tests of the detector: lively content with changes of scene and steps of 5 % at every
multiple of the stride, up or down by chance. Prints the strides that are missed or more than one frame off. Runs on the CPU:
0.3 to 2 s a stride.
"""

from __future__ import annotations

import argparse
import sys

import _setup

from audio_loop.doctor.detectors.decode_tile_pulse import look
from audio_loop.doctor.signals.pulse import LONGEST_PX, SHORTEST_PX
from audio_loop.tests.pure.doctor.detectors.made_frames import case_of, lit, tiled


def main() -> None:
    """Looks at each stride."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="look at every so many strides only")
    parser.add_argument("--first", type=int, default=SHORTEST_PX, help="the first stride")
    parser.add_argument("--noise", type=int, default=1, help="seed of the content")
    parser.add_argument("--key-frames", type=int, default=250, help="frames from one key frame to the next; 0: none")
    parser.add_argument("--long", type=float, default=5.0, help="strides that a video has")
    parser.add_argument("--least", type=int, default=200, help="frames that a video has at least")
    arguments = parser.parse_args()
    _setup.enter_environment()
    strides = range(arguments.first, LONGEST_PX + 1, arguments.every)
    exact, wrong = 0, []
    for number, stride in enumerate(strides):
        frames = max(arguments.least, round(arguments.long * stride))
        made = lit(tiled(stride, frames, arguments.noise, key_frames=arguments.key_frames))
        found = next((int(dict(symptom.facts)["period_px"]) for symptom in look(case_of(made)).symptoms), None)
        exact += found == stride
        if found is None or abs(found - stride) > 1:
            wrong.append((stride, found))
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number + 1} of {len(strides)}, {len(wrong)} wrong")
    print(f"{len(strides) - len(wrong)} of {len(strides)} strides are right to one frame, {exact} of them to the frame itself")
    for stride, found in wrong:
        print(f"{stride}: {'nothing' if found is None else found}")


if __name__ == "__main__":
    main()
