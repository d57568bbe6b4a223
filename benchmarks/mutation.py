"""How many small faults, put into a room's code one at a time, its own tests notice.

    python benchmarks/mutation.py loop_control schedule latent_ops --sample 150

Mutants are made by `cosmic-ray`, which is a program of its own: `pip install cosmic-ray` into any environment and name it with
`--tool` if it is not on the PATH. Each mutant meets the tests of its room only, in a copy of what git tracks, so the checkout
stays as it is. Left out is what cannot change what runs: annotations, which nobody evaluates. `--sample N` takes N mutants of
each room by chance, the same ones for the same `--seed`; without it all are tried, which takes hours. What was tried is kept
in `--folder`, so a run that was stopped goes on, and with `--again` survivors meet the tests of today. Prints a table in
Markdown and every survivor. Runs on the CPU.
"""

from __future__ import annotations

import argparse
import ast
import math
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import _setup

REPOSITORY = Path(__file__).resolve().parent.parent
TESTS = {"loop_control": "pure", "schedule": "pure", "latent_ops": "torch"}
"""Room -> the tier that holds its tests."""
FOLDER = Path(tempfile.gettempdir()) / "mutants"
_LIMIT_SECONDS = 60.0
_Z = 1.96


def main() -> None:
    """Makes mutants of some rooms and prints how many are noticed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rooms", nargs="+", choices=sorted(TESTS), metavar="ROOM", help=", ".join(sorted(TESTS)))
    parser.add_argument("--sample", type=int, help="so many of each room, by chance")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--again", action="store_true", help="try the survivors of an earlier run with the tests of today")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where copies and results are kept")
    parser.add_argument("--tool", default="cosmic-ray", help="the program")
    parser.add_argument("--processes", type=int, default=1, help="rooms at once")
    arguments = parser.parse_args()
    _setup.enter_environment()
    tool = shutil.which(arguments.tool)
    if tool is None:
        parser.error(
            f"{arguments.tool!r} is no program here; `pip install cosmic-ray` in any environment and name it with --tool"
        )
    for room in arguments.rooms if arguments.again else ():
        let_survivors_meet_the_tests_of_today(room, arguments.folder)
    with ThreadPoolExecutor(arguments.processes) as pool:
        tried = list(
            pool.map(lambda room: try_mutants(room, tool, arguments.folder, arguments.sample, arguments.seed), arguments.rooms)
        )
    print("| room | mutants | tried | noticed | share | 95 % interval |\n|---|---|---|---|---|---|")
    for room, (of_all, results) in zip(arguments.rooms, tried, strict=True):
        noticed = sum(outcome != "SURVIVED" for outcome, _ in results)
        low, high = interval(noticed, len(results))
        print(f"| {room} | {of_all} | {len(results)} | {noticed} | {noticed / len(results):.1%} | {low:.1%} to {high:.1%} |")
    for room, (_, results) in zip(arguments.rooms, tried, strict=True):
        for outcome, diff in results:
            if outcome == "SURVIVED":
                print(f"\n{room}:\n{diff}")


def try_mutants(room: str, tool: str, folder: Path, sample: int | None, seed: int) -> tuple[int, list[tuple[str, str]]]:
    """How many mutants a room has, and (outcome, difference) of each that was tried."""
    copy, session, settings = folder / room, folder / f"{room}.sqlite", folder / f"{room}.toml"
    if not session.exists():
        copied(copy)
        tests = f"{sys.executable} -m pytest -x -q -n0 -p no:cacheprovider -p no:randomly tests/{TESTS[room]}/{room}"
        settings.write_text(
            f'[cosmic-ray]\nmodule-path = ["{room}"]\ntimeout = {_LIMIT_SECONDS}\nexcluded-modules = []\n'
            f'test-command = "{tests}"\n[cosmic-ray.distributor]\nname = "local"\n',
            encoding="utf-8",
        )
        subprocess.run([tool, "init", str(settings), str(session)], cwd=copy, check=True)
    with sqlite3.connect(session) as kept:
        of_all = len(chosen(kept, copy, None, seed))
        keep = {*chosen(kept, copy, sample, seed)}
        for (job,) in kept.execute("SELECT job_id FROM work_items").fetchall():
            if job not in keep:
                kept.execute("INSERT OR IGNORE INTO work_results VALUES ('SKIPPED', '', NULL, '', ?)", (job,))
    subprocess.run(
        [tool, "exec", str(settings), str(session)], cwd=copy, check=True, env=os.environ | {"AUDIO_LOOP_TIERS": TESTS[room]}
    )
    with sqlite3.connect(session) as kept:
        found = kept.execute("SELECT test_outcome, diff, job_id FROM work_results WHERE worker_outcome != 'SKIPPED'").fetchall()
    return of_all, [(outcome, diff) for outcome, diff, job in found if job in keep]


def let_survivors_meet_the_tests_of_today(room: str, folder: Path) -> None:
    """Brings the tests of a copy up to date and forgets what they did not notice."""
    shutil.copytree(REPOSITORY / "tests", folder / room / "tests", dirs_exist_ok=True)
    with sqlite3.connect(folder / f"{room}.sqlite") as kept:
        kept.execute("DELETE FROM work_results WHERE test_outcome = 'SURVIVED'")


def copied(copy: Path) -> None:
    """A copy of every tracked file."""
    shutil.rmtree(copy, ignore_errors=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, copy / name)


def chosen(kept: sqlite3.Connection, copy: Path, sample: int | None, seed: int) -> list[str]:
    """The mutants that are tried, of those that change what runs."""
    rows = kept.execute(
        "SELECT job_id, module_path, start_pos_row, start_pos_col FROM mutation_specs "
        "ORDER BY module_path, operator_name, occurrence, operator_args"
    ).fetchall()
    silent = {module: set(places_of_annotations((copy / module).read_text("utf-8"))) for module in {row[1] for row in rows}}
    jobs = [job for job, module, row, column in rows if (row, column) not in silent[module]]
    return jobs if sample is None or sample >= len(jobs) else random.Random(seed).sample(jobs, sample)


def places_of_annotations(source: str) -> Iterator[tuple[int, int]]:
    """Every (row, column) inside an annotation."""
    for node in ast.walk(ast.parse(source)):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if part is None:
                continue
            for row, text in enumerate(source.splitlines()[part.lineno - 1 : part.end_lineno], part.lineno):
                first = part.col_offset if row == part.lineno else 0
                last = part.end_col_offset if row == part.end_lineno else len(text)
                yield from ((row, column) for column in range(first, last))


def interval(noticed: int, tried: int) -> tuple[float, float]:
    """Wilson's interval of a share."""
    share, square = noticed / tried, _Z * _Z
    middle = (share + square / (2 * tried)) / (1 + square / tried)
    half = _Z * math.sqrt(share * (1 - share) / tried + square / (4 * tried * tried)) / (1 + square / tried)
    return middle - half, middle + half


if __name__ == "__main__":
    main()
