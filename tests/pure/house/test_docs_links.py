"""Links, anchors and pictures of every page lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

from .doc_pages import DocPage, listed, pages, without_blocks
from .import_graph import REPOSITORY

LINK = re.compile(r"\]\(<?([^)>\s]+)>?(?:\s+\"[^\"]*\")?\)|(?:src|href)=\"([^\"]+)\"")
OUTSIDE = re.compile(r"https?://|mailto:")


def anchors(text: str) -> set[str]:
    """Anchors of a page's headings, as GitHub makes them: the second of a name ends in -1."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in re.findall(r"^#+ (.+?)\s*#*$", re.sub(r"(?ms)^```.*?^```", "", text), re.MULTILINE):
        words = re.sub(r"!?\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        name = re.sub(r"[^\w -]", "", words).replace(" ", "-")
        found.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return found | set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))


def faults(page: DocPage) -> list[str]:
    """Links of a page that lead nowhere, a line each."""
    wrong = []
    for link in LINK.finditer(without_blocks(page)):
        target = link[1] or link[2]
        if OUTSIDE.match(target):
            continue
        path, _, anchor = target.partition("#")
        file = (REPOSITORY / page.name).parent / path if path else REPOSITORY / page.name
        if path and not file.exists():
            wrong.append(f"{page.place(link.start())} links to {target}, and there is no such file; correct the path")
        elif anchor and anchor not in anchors(file.read_text("utf-8") if path else page.text):
            wrong.append(f"{page.place(link.start())} links to {target}, and no heading there makes that anchor; correct it")
    return wrong


def test_links_lead_somewhere():
    found = [fault for page in pages() for fault in faults(page)]
    assert not found, "\n" + "\n".join(found)


def test_wrong_links_are_found():
    page = DocPage(
        "docs/new.md",
        "# A b\n[a](missing.md) [b](#a-b) [c](#c)\n"
        "![d](img/none.png) [e](audit.md#nowhere) [f](video.md) [g](audit.md#audit-of-workflows)\n",
    )
    assert [fault.partition(" links to ")[2].partition(",")[0] for fault in faults(page)] == [
        "missing.md",
        "#c",
        "img/none.png",
        "audit.md#nowhere",
    ]


def test_every_page_of_the_documentation_is_linked():
    linked = set()
    for page in pages():
        folder = PurePosixPath(page.name).parent
        for link in LINK.finditer(without_blocks(page)):
            path = (link[1] or link[2]).partition("#")[0]
            if path and not OUTSIDE.match(path):
                linked.add(str((REPOSITORY / folder / path).resolve()))
    alone = [name for name in listed("docs/*.md", "docs/img/*") if str((REPOSITORY / name).resolve()) not in linked]
    assert alone == [], "no page links to these: link them, or take them away"
