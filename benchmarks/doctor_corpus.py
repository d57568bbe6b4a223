"""Whether the doctor names what is wrong first, on videos whose defects are known.

    python benchmarks/doctor_corpus.py --picture docs/img/doctor_confusion.png
    python benchmarks/doctor_corpus.py --tuning --folder /tmp/footage --each
    python benchmarks/doctor_corpus.py --kind colour_drift --kind clean --each

The videos are those of `tests/footage`: 22 of each of the 19 kinds, 100 clean ones, 50 with two defects, and 6 faint ones of
each kind, from seeds that nobody looked at while the detectors were made; `--tuning` takes those that they were made with.
Videos, what was watched and verdicts are kept in the folder, so a run that was stopped goes on; changed detectors are asked
again. Prints tables in Markdown; `--picture FILE` draws the confusion matrix. Runs on the CPU: about 2 s a video to make, 1 s
to watch and examine.
"""

from __future__ import annotations

import argparse
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import _setup

from audio_loop.tests.footage import Item, corpus
from audio_loop.tests.footage.scoring import KINDS, NOTHING, Score, Verdict, score
from audio_loop.tests.footage.verdicts import verdict_of

FOLDER = Path(tempfile.gettempdir()) / "footage"


def main() -> None:
    """Examines a corpus and prints how often the doctor was right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tuning", action="store_true", help="the videos that detectors were made with")
    parser.add_argument("--kind", action="append", choices=[*KINDS, "clean", "two"], help="only these; once or more")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where everything is kept; about 1 GB")
    parser.add_argument("--processes", type=int, default=1, help="videos at once")
    parser.add_argument("--each", action="store_true", help="a line for each video of which the verdict is wrong")
    parser.add_argument("--picture", type=Path, help="PNG file of the confusion matrix")
    arguments = parser.parse_args()
    _setup.enter_environment()
    which = "tuning" if arguments.tuning else "unseen"
    items = [item for item in corpus(which) if not arguments.kind or _group(item) in arguments.kind]
    folder = arguments.folder / which
    with ProcessPoolExecutor(arguments.processes) as pool:
        verdicts = list(pool.map(partial(verdict_of, folder=folder), items))
    counted = score(each for each in verdicts if not each.faint)
    print(table(counted))
    faint = [each for each in verdicts if each.faint]
    if faint:
        print("\nFainter than what is noticed, beside the same clean videos:\n")
        print(table(score([*faint, *(each for each in verdicts if not each.truth)]), with_others=False))
    if arguments.each:
        print(misses(verdicts))
    if arguments.picture:
        draw(counted, arguments.picture)


def table(counted: Score, *, with_others: bool = True) -> str:
    """Precision and recall of each kind, and what was said of clean videos and of those with two defects."""
    lines = ["| defect | videos | recall | precision | named instead |", "|---|---|---|---|---|"]
    for kind in KINDS:
        if counted.of_kind[kind]:
            wrong = [(name, count) for (truth, name), count in counted.named_first.items() if truth == kind != name]
            instead = ", ".join(f"{name} {count}" for name, count in sorted(wrong, key=lambda each: -each[1]))
            recall, precision = _share(counted.recall(kind)), _share(counted.precision(kind))
            lines.append(f"| {kind} | {counted.of_kind[kind]} | {recall} | {precision} | {instead} |")
    if counted.clean and with_others:
        rate = counted.false_alarms / counted.clean
        said = [(name, count) for (truth, name), count in counted.named_first.items() if truth == NOTHING != name]
        instead = ", ".join(f"{name} {count}" for name, count in sorted(said, key=lambda each: -each[1]))
        lines.append(f"\n{counted.clean} clean videos: {counted.false_alarms} false alarms, {100 * rate:.1f} %. {instead}")
    if counted.two:
        lines.append(f"\n{counted.two} videos with two defects: both named first in {counted.both_first}.")
    return "\n".join(lines)


def misses(verdicts: list[Verdict]) -> str:
    """A line for each wrong verdict."""
    lines = []
    for each in verdicts:
        if not each.right:
            named = ", ".join(f"{kind} {value}" for kind, value in zip(each.named, each.strengths, strict=True)) or NOTHING
            lines.append(f"{each.name}: {named} ({', '.join(each.traits)})")
    return "\n" + "\n".join(lines)


def draw(counted: Score, path: Path) -> None:
    """Writes the confusion matrix: what is wrong, down; what is named first, across; shares of each row in percent."""
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np

    rows = columns = [*KINDS, NOTHING]
    totals = {**counted.of_kind, NOTHING: counted.clean}
    shares = np.array([[100 * counted.named_first[row, column] / max(1, totals[row]) for column in columns] for row in rows])
    figure, axes = plt.subplots(figsize=(11, 9.5), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    words = [each.replace("_", " ") for each in columns]
    axes.set_xticks(range(len(words)), words, rotation=55, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(words)), [f"{word} ({totals[row]})" for word, row in zip(words, rows, strict=True)])
    axes.set_xlabel("named first")
    axes.set_ylabel("what is wrong (videos)")
    axes.set_xticks(np.arange(-0.5, len(words)), minor=True)
    axes.set_yticks(np.arange(-0.5, len(words)), minor=True)
    axes.grid(which="minor", color="#e0e0e0", linewidth=0.6)
    axes.tick_params(which="minor", length=0)
    for row, column in np.argwhere(shares > 0):
        colour = "white" if shares[row, column] > 55 else "black"
        axes.text(column, row, f"{shares[row, column]:.0f}", ha="center", va="center", color=colour, fontsize=9)
    axes.set_title("Named first, % of the videos with one defect or none")
    figure.savefig(path, dpi=110)


def _group(item: Item) -> str:
    return "clean" if not item.defects else "two" if len(item.defects) > 1 else item.defects[0].kind


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


if __name__ == "__main__":
    main()
