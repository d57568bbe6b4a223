"""Options that commands of the harness share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_run_options(parser: argparse.ArgumentParser) -> None:
    """Adds what a command has that makes runs: whether they are queued and traced, and where they are kept."""
    parser.add_argument("--dry-run", action="store_true", help="write what would be queued, and ask no server")
    parser.add_argument("--no-trace", action="store_true", help="leave the model's attention calls untraced")
    parser.add_argument("--data", type=Path, default=Path("data"), metavar="FOLDER", help="for runs.duckdb and runs/")
