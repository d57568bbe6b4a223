"""The command line of the preparation, for `scripts/preprocess_audio_for_ltx.py`.

Exit status: 0 written, 1 written but not as it should be, 2 a refusal, with nothing written.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from ...files.free_names import first_free, numbered
from ...loop_control.errors import PlanError
from ...loop_control.rates import clock_text, read_number
from ...workflow_graph.console import exit_status, write_bytes
from ..reading.song_source import SongFile, SongSource, finite_blocks
from ..reading.sound_file import SongError
from .before_after import chain_text, report
from .preparation import LevelMeter, Levels, Preparation, Settings, prepare
from .presets import DEFAULT_PRESET, PRESETS
from .wav_file import write_wav

PAUSE_SECONDS = 0.5
"""From one line of progress to the next."""
MOST_OFF_LU = 0.1
"""How far the loudness of the written file may be from what was computed for it."""


def _parser() -> argparse.ArgumentParser:
    presets = "\n".join(f"  {name:14} {preset.about}\n{'':17}{chain_text(preset)}" for name, preset in PRESETS.items())
    parser = argparse.ArgumentParser(
        prog="preprocess_audio_for_ltx.py",
        description="Makes a song or a talk ready for LTX's audio encoder: filters, loudness, true peak. Writes a WAV file.",
        epilog=f"presets:\n{presets}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", type=Path, metavar="IN", help="any file with sound that FFmpeg reads")
    parser.add_argument("output", type=Path, metavar="OUT", help="the WAV file to write; nothing is ever overwritten")
    parser.add_argument("--trim-start", metavar="S", help="begin at this second, or at m:ss")
    parser.add_argument("--trim-end", metavar="S", help="end at this second, or at m:ss")
    parser.add_argument("--preset", choices=list(PRESETS), default=DEFAULT_PRESET, help="default: %(default)s")
    parser.add_argument(
        "--target-lufs", type=float, default=Settings.target_lufs, metavar="L", help="integrated loudness; default %(default)g"
    )
    parser.add_argument(
        "--true-peak", type=float, default=Settings.true_peak_dbtp, metavar="P", help="highest peak, dBTP; default %(default)g"
    )
    parser.add_argument("--no-verify", action="store_true", help="do not read and measure what was written")
    parser.add_argument("--plot", type=Path, metavar="PNG", help="write a picture of before and after, too")
    return parser


def run(options: argparse.Namespace) -> int:
    """Prepares one file; returns the exit status.

    Raises:
        SongError: The sound cannot be read, or a setting is wrong.
        PlanError: A time is no number.
        OSError: A file cannot be read or written.
    """
    if options.output.suffix.lower() != ".wav":
        raise SongError(f"{options.output.name} is to be a WAV file; call it {options.output.with_suffix('.wav').name}")
    if options.plot is not None and options.plot.suffix.lower() != ".png":
        raise SongError(f"{options.plot.name} is to be a PNG file; call it {options.plot.with_suffix('.png').name}")
    for path in (options.output, options.plot):
        if path is not None:
            _refuse_name(path)
    settings = Settings(options.preset, options.target_lufs, options.true_peak)
    start = _seconds(options.trim_start, "--trim-start") or Fraction(0)
    source = SongFile(options.input, start, _seconds(options.trim_end, "--trim-end"))
    progress = _ScreenLine(source.sample_rate)
    prepared = prepare(source, settings, progress)
    write_wav(options.output, prepared.blocks(progress), source.sample_rate, source.channel_names, prepared.samples)
    progress.finish()
    is_read_again = options.plot is not None or not options.no_verify
    after, samples = _measured(SongFile(options.output)) if is_read_again else (None, prepared.samples)
    wrong = [] if after is None else _wrong(prepared, after, samples)
    checked = ", not read again" if after is None else "" if wrong else ", read again and as computed"
    text = report(prepared, after) + f"\nwritten: {options.output}{checked}\n"
    if options.trim_end is None:
        text += _cut_off(source, start + Fraction(prepared.samples, source.sample_rate))
    text += "".join(f"NOT AS IT SHOULD BE: {each}\n" for each in wrong)
    if after is not None and options.plot is not None:
        _write_picture(options.plot, prepared, after)
        text += f"picture: {options.plot}\n"
    write_bytes(text.encode("utf-8", errors="backslashreplace"))
    return int(bool(wrong))


class _ScreenLine:
    """A line on the screen that says how far a long song is, if there is a screen."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._latest = time.monotonic()
        self._is_shown = False

    def __call__(self, done: int, total: int) -> None:
        """As `OnBlock`; while the song is measured nobody knows how long it is."""
        now = time.monotonic()
        if now - self._latest < PAUSE_SECONDS or not sys.stderr.isatty():
            return
        self._latest, self._is_shown = now, True
        measured = clock_text(Fraction(done, self._rate))
        text = f"writing, {200 * done // total - 100} %" if total else f"measuring, {measured}"
        sys.stderr.write(f"\r{text:24}")
        sys.stderr.flush()

    def finish(self) -> None:
        """Takes the line away."""
        if self._is_shown:
            sys.stderr.write(f"\r{'':24}\r")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    return exit_status(lambda: _run_in_words(_parser().parse_args(arguments)), SongError, PlanError)


def _run_in_words(options: argparse.Namespace) -> int:
    try:
        return run(options)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise SongError(f"{error.filename}: {error.strerror}" if error.strerror else str(error)) from None


def _seconds(text: str | None, option: str) -> Fraction | None:
    if text is None:
        return None
    minutes, colon, seconds = text.rpartition(":")
    return read_number(seconds, option) + (60 * read_number(minutes, option) if colon else 0)


def _refuse_name(path: Path) -> None:
    if not path.parent.is_dir():
        raise SongError(f"there is no folder {path.parent}; make it first")
    if os.path.lexists(path):
        raise SongError(f"{path} exists already and is not overwritten; {first_free(numbered(path))} is free")


def _measured(source: SongSource) -> tuple[Levels, int]:
    meter = LevelMeter(source.sample_rate, source.channel_names)
    for block in finite_blocks(source):
        meter.add(block)
    return meter.finish(), meter.samples


def _wrong(prepared: Preparation, after: Levels, samples: int) -> list[str]:
    wrong = []
    rate = prepared.source.sample_rate
    if samples != prepared.samples:
        lengths = (clock_text(Fraction(each, rate)) for each in (prepared.samples, samples))
        wrong.append("the song has {} and the file {}".format(*lengths))
    if after.true_peak_dbtp > prepared.settings.true_peak_dbtp:
        wrong.append(f"its true peak is {after.true_peak_dbtp:.2f} dBTP")
    reached = prepared.curve.reached_lufs
    if math.isfinite(reached) and not abs(after.loudness_lufs - reached) <= MOST_OFF_LU:
        wrong.append(f"its loudness is {after.loudness_lufs:.2f} LUFS, not {reached:.2f}")
    return wrong


def _cut_off(source: SongFile, read: Fraction) -> str:
    """A line about a file that says it is longer than what could be read of it; "" if it is not."""
    if source.claimed_seconds - read <= max(Fraction(1), source.claimed_seconds / 50):
        return ""
    said = f"{source.name} says that it is {clock_text(source.claimed_seconds)} long, and {clock_text(read)} could be read"
    return f"note: {said}; it may be cut off\n"


def _write_picture(path: Path, prepared: Preparation, after: Levels) -> None:
    from io import BytesIO

    from ...files.atomic_write import write_new

    try:
        from .picture import picture
    except ModuleNotFoundError as error:
        sys.stderr.write(f"no picture: {error}; it comes with `uv run --group analysis`, or `pip install pillow`\n")
        return
    data = BytesIO()
    picture(prepared, after).save(data, "PNG")
    write_new(path, data.getvalue())
