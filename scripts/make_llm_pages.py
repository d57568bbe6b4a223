"""Writes docs/reference/*_system_prompt.md from the texts that are sent to language models; --check compares.

python scripts/make_llm_pages.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

import _bootstrap  # noqa: F401

from audio_loop.prompting.llm.pages import PAGES, page

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def main(arguments: list[str]) -> int:
    """Writes or compares the pages; returns the exit status."""
    other = [name for name in PAGES if not _is_current(name)]
    if "--check" in arguments:
        print("\n".join(f"docs/reference/{name}.md differs" for name in other) or "all pages are current")
        return int(bool(other))
    FOLDER.mkdir(exist_ok=True)
    for name in other:
        (FOLDER / f"{name}.md").write_text(page(name), "utf-8", newline="\n")
        print(f"docs/reference/{name}.md")
    return 0


def _is_current(name: str) -> bool:
    path = FOLDER / f"{name}.md"
    return path.exists() and path.read_text("utf-8") == page(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
