"""The bends that people drag into links (the frontend's native reroutes), while links are joined and renamed.

A link says through which bend it comes last (`parentId`), each bend which one lies before it. Subgraphs write both in place;
files of version 0.4 keep those of the top level in `extra`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..document import Document
from ..view import LevelView


class Bends:
    """The bends of the top level.

    Args:
        document: The document; `write` changes it.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        extra = found if isinstance(found := document.get("extra"), dict) else {}
        listed = document.get("reroutes") or extra.get("reroutes") or ()
        self._bends: dict[int, Document] = {bend["id"]: bend for bend in listed if isinstance(bend, dict) and "id" in bend}
        self._last: dict[int, int] = dict(_said_by(document.get("links")))
        for entry in extra.get("linkExtensions") or ():
            self._last[entry["id"]] = entry["parentId"]

    def take_in(self, level: LevelView, link_ids: Mapping[int, int], offset: tuple[float, float]) -> None:
        """Adds copies of the bends of a subgraph; `link_ids` are the new ids of its links."""
        listed = [bend for bend in level.raw.get("reroutes") or () if isinstance(bend, dict) and "id" in bend]
        first = max(self._bends, default=0) + 1
        ids = {bend["id"]: first + place for place, bend in enumerate(listed)}
        for bend in listed:
            x, y = bend.get("pos") or (0, 0)
            copy = {**bend, "id": ids[bend["id"]], "pos": [x + offset[0], y + offset[1]]}
            if bend.get("parentId") in ids:
                copy["parentId"] = ids[bend["parentId"]]
            self._bends[copy["id"]] = copy
        for link, last in _said_by(level.raw.get("links")):
            if link in link_ids and last in ids:
                self._last[link_ids[link]] = ids[last]

    def join(self, before: int, after: int, joined: int) -> None:
        """A link whose way is that of the link `before` and then that of the link `after`."""
        way = [*self._way(after)]
        first = way[-1] if way else None
        upstream = self._last.get(before)
        if first is None:
            last = upstream
        else:
            last = self._last.get(after)
            if upstream is not None and first != upstream:
                self._bends[first]["parentId"] = upstream
        self._last.pop(joined, None)
        if last is not None:
            self._last[joined] = last

    def write(self, links: Mapping[int, Any]) -> None:
        """Writes what there is into the document; bends and ends of links that are not in `links` go."""
        used: dict[int, list[int]] = {}
        for link in links:
            for bend in self._way(link):
                used.setdefault(bend, []).append(link)
        bends = [{**bend, "linkIds": used[identity]} for identity, bend in self._bends.items() if identity in used]
        ends = [{"id": link, "parentId": bend} for link, bend in self._last.items() if link in links]
        if self._document.get("version") == 1:
            parents = {end["id"]: end["parentId"] for end in ends}
            for entry in self._document.get("links") or ():
                entry.pop("parentId", None)
                if entry["id"] in parents:
                    entry["parentId"] = parents[entry["id"]]
            _put(self._document, "reroutes", bends)
            return
        extra = self._document.setdefault("extra", {}) if bends else self._document.get("extra") or {}
        _put(extra, "reroutes", bends)
        _put(extra, "linkExtensions", ends)

    def _way(self, link: int) -> Iterator[int]:
        """The bends of a link, from its target back to its origin."""
        seen: set[int] = set()
        bend = self._last.get(link)
        while bend is not None and bend in self._bends and bend not in seen:
            seen.add(bend)
            yield bend
            bend = self._bends[bend].get("parentId")


def _said_by(links: Any) -> Iterator[tuple[int, int]]:
    for entry in links if isinstance(links, list) else ():
        if isinstance(entry, dict) and isinstance(entry.get("parentId"), int):
            yield entry["id"], entry["parentId"]


def _put(owner: Document, key: str, value: list[Any]) -> None:
    if value:
        owner[key] = value
    else:
        owner.pop(key, None)
