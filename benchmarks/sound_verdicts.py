"""Verdicts on recordings of a known kind: how often they are right, and what a wrong one says instead.

    python benchmarks/sound_verdicts.py [--cases 1000] [--first 20000] [--under]

The recordings are those of `tests/sound_cases.py`: speech of espeak-ng over music that lies 0 to 20 dB below it (with --under
as much above it), made dull, boomy, noisy or clipped by its cause, or left as it is. A verdict is right if it names that kind
and no other; hints do not count.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import _setup

from audio_loop.comfy_host.environment import ensure_comfyui

SHOWN = 12


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=1000, help="number of recordings")
    parser.add_argument("--first", type=int, default=20_000, help="seed of the first")
    parser.add_argument("--under", action="store_true", help="the voice lies below the music")
    options = parser.parse_args()
    ensure_comfyui()
    _setup.enter_environment()
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from audio_loop.audio.reading.song_source import SongArray
    from audio_loop.audio.sound_report.judge import judged
    from audio_loop.audio.sound_report.measure import measure

    cases: Any = importlib.import_module("tests.sound_cases")

    counts: Counter[tuple[str, str]] = Counter()
    wrong = []
    measuring = 0.0
    for seed in range(options.first, options.first + options.cases):
        case = cases.sound_case(seed, voice_db=(-20.0, 0.0) if options.under else (0.0, 20.0))
        begin = time.process_time()
        verdicts = judged(measure(SongArray(case.samples, cases.SPEECH_HZ)))
        measuring += time.process_time() - begin
        said = " + ".join(each.name for each in verdicts if each.gravity != "hint") or "fine"
        counts[case.kind, said] += 1
        if said != case.kind:
            wrong.append(f"{seed}: {case.kind} ({case.how}): {said}")
    columns = [*cases.KINDS, *sorted({said for _, said in counts} - set(cases.KINDS))]
    print(f"| {'is':<8} | " + " | ".join(f"{each:>8}" for each in columns) + " |")
    print(f"|{'-' * 10}|" + "|".join("-" * (max(len(each), 8) + 2) for each in columns) + "|")
    for kind in cases.KINDS:
        cells = (str(counts[kind, said] or "").rjust(max(len(said), 8)) for said in columns)
        print(f"| {kind:<8} | " + " | ".join(cells) + " |")
    right = sum(counts[kind, kind] for kind in cases.KINDS)
    print(f"\n{right} of {options.cases} right, {100 * right / options.cases:.1f} %")
    print(f"{1000 * measuring / options.cases:.1f} ms each to measure")
    print("\n".join(wrong[:SHOWN]))


if __name__ == "__main__":
    main()
