"""How near written schedules change to where songs do, beside the best that the windows allow, on songs that are made here.

    python benchmarks/written_schedules.py
    python benchmarks/written_schedules.py --songs 12 --part-seconds 11

The songs are those of `tests/songs` with longer parts, so that they last two to five minutes. Each is heard, and a schedule
is written twice: from its true sections and its true voice, and from what the analysis heard. Distances are always to the
true boundaries. What is seen is read from the text, put on the windows as the loop does it. Every schedule is checked by all
rules. Runs on the CPU. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import dataclasses
import platform
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

import _setup

from audio_loop.audio.analysis.song_analysis import Level, Section, SongAnalysis, Voice
from audio_loop.loop_control.plan import make_plan
from audio_loop.prompting.checking.check import check_schedule
from audio_loop.prompting.checking.draft import Expected
from audio_loop.prompting.placement import placement
from audio_loop.prompting.vocabulary.actions import WITH_A_VOICE
from audio_loop.prompting.wishes import make_wishes
from audio_loop.prompting.write import write_schedule
from audio_loop.schedule.parser import parse_schedule
from audio_loop.tests.songs import SyntheticSong, make_song

FIRST_SEED, SONGS, PART_SECONDS = 2000, 60, 24.0
PIECE = 1 << 16
SUBJECT = "A woman with silver hair in a red coat"

GRIDS: Mapping[str, Mapping[str, Any]] = {
    "19.88 s, overlap 2 s": {"window_seconds": "19.88", "overlap_seconds": "2"},
    "19.88 s, overlap 4 s": {"window_seconds": "19.88", "overlap_seconds": "4"},
    "19.88 s, anchors first": {"window_seconds": "19.88", "overlap_seconds": "2", "order": "anchors first"},
    "10 s, overlap 1 s": {"window_seconds": "10", "overlap_seconds": "1"},
    "5 s, overlap 1 s": {"window_seconds": "5", "overlap_seconds": "1"},
}
LEAST_VOICE, MUCH_VOICE = 0.05, 0.3

Row = dict[str, Any]


def main() -> None:
    """Writes for all songs and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=SONGS, help="how many songs")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED, help="seed of the first")
    parser.add_argument("--part-seconds", type=float, default=PART_SECONDS, help="about the length of a part of a song")
    parser.add_argument("--jobs", type=int, default=1, help="songs at once")
    arguments = parser.parse_args()
    _setup.enter_environment()
    seeds = range(arguments.first_seed, arguments.first_seed + arguments.songs)
    with ProcessPoolExecutor(arguments.jobs) as pool:
        songs = list(pool.map(partial(measure, part_seconds=arguments.part_seconds), seeds))
    rows = [row for song in songs for row in song]
    minutes = sum(song[0]["seconds"] for song in songs) / 60
    print(f"{len(seeds)} songs, seeds {seeds[0]} to {seeds[-1]}, {minutes:.0f} minutes.\n")
    for source in ("true", "heard"):
        print(f"From {source} sections:\n")
        print("\n".join(table([row for row in rows if row["source"] == source])), end="\n\n")
    print(f"{platform.machine()}, {platform.system()}; {arguments.jobs} at once.")


def measure(seed: int, part_seconds: float) -> list[Row]:
    """The figures of one song, for each grid, from true and from heard sections."""
    from audio_loop.audio.analysis.analyse import analyse

    song = make_song(seed, part_seconds=part_seconds)
    samples = song.samples
    heard = analyse(samples[first : first + PIECE] for first in range(0, len(samples), PIECE))
    truth = true_analysis(song, heard)
    sources = {"true": truth, "heard": heard}
    return [one(song, truth, source, sources[source], grid) for source in sources for grid in GRIDS]


def one(song: SyntheticSong, truth: SongAnalysis, source: str, analysis: SongAnalysis, grid: str) -> Row:
    """One schedule, for each of the twelve diversities the check, and the placement of one."""
    plan = make_plan(audio_samples=len(song.samples), sample_rate=song.sample_rate, fps=25, **GRIDS[grid])
    errors = warnings = 0
    for number in range(12):
        wishes = make_wishes(subject=SUBJECT, diversity=f"{number // 2 + 1}{'ab'[number % 2]}", style="cinematic")
        written = write_schedule(analysis, plan, wishes)
        expected = Expected(plan, analysis.voice, SUBJECT, written.first_prompt, style="cinematic", wants_variety=True)
        checked = check_schedule(written.text, expected)
        errors, warnings = errors + checked.errors, warnings + checked.warnings
    began = time.process_time()
    written = write_schedule(analysis, plan, make_wishes(subject=SUBJECT))
    seconds = time.process_time() - began
    measured = placement(written, plan, truth)
    lips = [entry.heard in WITH_A_VOICE for entry in written.entries]
    sung = [truth.voice.part(float(entry.piece.start), float(entry.piece.end), "singing") for entry in written.entries]
    first = {entry.piece.section: float(entry.piece.start) for entry in reversed(written.entries)}
    return {
        "source": source,
        "grid": grid,
        "seconds": song.duration_seconds,
        "near": measured.near_seconds if measured else (),
        "best": measured.best_near_seconds if measured else (),
        "missed": measured.missed if measured else 0,
        "shown": len(first) / len(analysis.sections),
        "own": [abs(start - analysis.sections[section].start_seconds) for section, start in first.items()],
        "entries": len(written.entries),
        "wrong_lips": sum(moves and part < LEAST_VOICE for moves, part in zip(lips, sung, strict=True)),
        "closed_lips": sum(not moves and part >= MUCH_VOICE for moves, part in zip(lips, sung, strict=True)),
        "errors": errors,
        "warnings": warnings,
        "notes": len(parse_schedule(written.text).notes),
        "written_in": seconds,
    }


def true_analysis(song: SyntheticSong, heard: SongAnalysis) -> SongAnalysis:
    """The analysis of an ear that hears form and voice without a fault."""
    fraction = sum(each.end_seconds - each.start_seconds for each in song.voice) / song.duration_seconds
    voice = Voice(song.voice, fraction, heard.voice.median_f0_hz, heard.voice.low_f0_hz, heard.voice.high_f0_hz, fraction)
    sections = tuple(
        Section(
            start_seconds=each.start_seconds,
            end_seconds=each.end_seconds,
            label=each.label,
            letter=each.letter,
            level=_level(heard, (each.start_seconds + each.end_seconds) / 2),
            level_db=-15.0,
            voice_fraction=voice.part(each.start_seconds, each.end_seconds),
            onsets_per_second=heard.onsets_per_second,
        )
        for each in song.sections
    )
    return dataclasses.replace(heard, sections=sections, voice=voice)


def _level(heard: SongAnalysis, seconds: float) -> Level:
    return next((each.level for each in heard.sections if each.end_seconds > seconds), heard.sections[-1].level)


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Markdown, a line for each grid."""
    yield (
        "| windows | boundaries | mean distance | best possible | within 1 s possible | of these seen within 1 s "
        "| sections shown | from their own beginning | entries | lips move, nobody sings | lips closed, somebody sings "
        "| check: errors, warnings | written in |"
    )
    yield "|---|" + "---|" * 12
    for grid in GRIDS:
        found = [row for row in rows if row["grid"] == grid]
        near = [each for row in found for each in row["near"]]
        best = [each for row in found for each in row["best"]]
        possible = sum(each <= 1.0 for each in best)
        missed = sum(row["missed"] for row in found)
        entries, own = sum(row["entries"] for row in found), [each for row in found for each in row["own"]]
        yield " | ".join(
            (
                f"| {grid}",
                str(len(near)),
                f"{sum(near) / len(near):.2f} s",
                f"{sum(best) / len(best):.2f} s",
                str(possible),
                f"{possible - missed}",
                f"{100 * sum(row['shown'] for row in found) / len(found):.0f} %",
                f"{sum(own) / len(own):.2f} s",
                str(entries),
                str(sum(row["wrong_lips"] for row in found)),
                str(sum(row["closed_lips"] for row in found)),
                f"{sum(row['errors'] for row in found)}, {sum(row['warnings'] for row in found)}",
                f"{1000 * max(row['written_in'] for row in found):.0f} ms |",
            )
        )


if __name__ == "__main__":
    main()
