"""The command line of the audit, for `scripts/audit_workflows.py` and for `python -m audio_loop.workflow_graph audit`.

Exit status: 0 nothing to mend (warnings allowed, unless --strict), 1 something to mend, 2 a file that cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from ..console import exit_status, write_bytes
from ..document import Document, DocumentError, load_workflow
from . import manual, report
from .engine import Audit, audit, select
from .rule import Rule, Severity

SHIPPED = Path(__file__).resolve().parents[2] / "example_workflows"


def shipped_files() -> list[Path]:
    """The workflows that come with Audio Loop, in their UI form."""
    found = sorted(SHIPPED.glob("*.json")) + sorted((SHIPPED / "classic").glob("*.json"))
    here = Path.cwd()
    return [path.relative_to(here) if path.is_relative_to(here) else path for path in found]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the audit to a parser."""
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="workflow files (the shipped ones)")
    parser.add_argument("--list", action="store_true", help="print the rules and leave")
    parser.add_argument("--docs", action="store_true", help="print docs/audit.md and leave")
    parser.add_argument("--only", action="append", default=[], metavar="RULE", help="these rules only (commas allowed)")
    parser.add_argument("--skip", action="append", default=[], metavar="RULE", help="all rules but these (commas allowed)")
    parser.add_argument("--json", action="store_true", help="print data instead of text")
    parser.add_argument("--strict", action="store_true", help="fail on warnings that no note in the graph explains, too")
    parser.add_argument("-v", "--verbose", action="store_true", help="also print the rules that found nothing")


Improve = Callable[[Audit, Document], Audit]
"""A step that changes an audit before it is printed."""


def run(options: argparse.Namespace, improve: Improve | None = None) -> int:
    """Audits files; returns the exit status.

    Args:
        options: As `add_arguments` makes them.
        improve: Tries the commands that findings name; they are printed untried without.

    Raises:
        ValueError: --only or --skip names no rule.
    """
    rules = select(_codes(options.only), _codes(options.skip))
    if options.list:
        sys.stdout.writelines(report.listing(rules))
        return 0
    if options.docs:
        sys.stdout.write(manual.page(rules))
        return 0
    paths = options.files or shipped_files()
    if not paths:
        sys.stderr.write("error: no file is named, and no workflows came with this installation; name one: audit FILE\n")
        return 2
    worst = 0
    results: list[dict[str, Any]] = []
    for path in paths:
        status, result, text = _one(path, rules, options, improve)
        worst = max(worst, status)
        results.append(result)
        if not options.json:
            (sys.stderr if "error" in result else sys.stdout).write(text)
    if options.json:
        text = json.dumps({"files": results}, ensure_ascii=False, indent=2) + "\n"
        write_bytes(text.encode("utf-8", errors="backslashreplace"))
    return worst


def _one(
    path: Path, rules: tuple[Rule, ...], options: argparse.Namespace, improve: Improve | None
) -> tuple[int, dict[str, Any], str]:
    try:
        document = load_workflow(path)
        found = audit(document, rules)
        found = improve(found, document) if improve is not None else found
    except DocumentError as error:
        return 2, {"file": str(path), "error": str(error)}, f"error: {error}\n"
    failed = found.count(Severity.ERR) > 0 or (options.strict and found.count(Severity.WARN) > 0)
    failed = failed or found.obstacle is not None
    return int(failed), report.as_data(str(path), found), report.as_text(str(path), found, verbose=options.verbose)


def _codes(given: Sequence[str]) -> list[str]:
    return [code for item in given for code in item.split(",") if code]


def main(arguments: Sequence[str] | None = None, improve: Improve | None = None) -> int:
    """Runs the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="audit_workflows.py", description="Looks for what goes wrong in a render, before it is made."
    )
    add_arguments(parser)
    return exit_status(lambda: run(parser.parse_args(arguments), improve), ValueError)
