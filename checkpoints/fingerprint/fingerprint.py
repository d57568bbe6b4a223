"""The fingerprint of one window: what decides its result, as one hash and as named parts that can be compared."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ...files.hashing import ALGORITHM, digest_parts, short_hex
from .graph_rules import GraphHash, Unproven

# Raised whenever the way of hashing changes: fingerprints of older versions then no longer match.
FINGERPRINT_VERSION = "2"
_THIS_SESSION = secrets.token_bytes(32)


@dataclass(frozen=True)
class Fingerprint:
    """Digests of everything that a window is made from.

    Attributes:
        digest: 64 hexadecimal digits; equal if the window would come out the same.
        components: (name, 12 hexadecimal digits) in order of the names; says which part differs.
        unproven: What cannot be proved to be the same another time, in words. Such a window is found again in this
            session only, or never.
    """

    digest: str
    components: tuple[tuple[str, str], ...]
    unproven: tuple[str, ...] = ()


def make_fingerprint(
    values: Mapping[str, bytes],
    graph: GraphHash | None,
    versions: Mapping[str, str],
    machine: Mapping[str, str] = MappingProxyType({}),
) -> Fingerprint:
    """Joins the digests of all that decides a window.

    Args:
        values: Input name ("conditioning", "seed") -> content digest.
        graph: What lies upstream of the checkpoint's `latent`; None if there is no graph.
        versions: Software name -> version.
        machine: What numbers come from besides the graph, by the name that a user knows it by ("flag --bf16-unet",
            "device") -> its state.

    Returns:
        The fingerprint; the order of the mappings does not matter.
    """
    parts = {f"value {name}": digest for name, digest in values.items()}
    parts |= {f"version {name}": digest_parts("version", version) for name, version in versions.items()}
    parts["version fingerprint"] = digest_parts("version", FINGERPRINT_VERSION, ALGORITHM)
    parts |= {f"machine {name}": digest_parts("machine", state) for name, state in machine.items()}
    unproven = sorted(graph.unproven, key=lambda each: each.reason) if graph is not None else []
    parts |= {f"unproven {each.reason}": _good_for(each) for each in unproven}
    if graph is not None:
        parts |= {f"setting {name}": digest for name, digest in graph.literals.items()}
        parts |= {f"file {name}": digest for name, digest in graph.files.items()}
        parts |= {f"said {name}": digest for name, digest in graph.changes.items()}
        parts |= {f"code {name}": digest for name, digest in graph.code.items()}
        parts["wiring"] = graph.wiring
        parts["graph"] = graph.whole
    ordered = sorted(parts.items())
    whole = digest_parts("fingerprint", *(digest_parts("component", name, digest) for name, digest in ordered))
    components = tuple((name, short_hex(digest)) for name, digest in ordered)
    return Fingerprint(whole.hex(), components, tuple(each.reason for each in unproven))


def doubtful(fingerprint: Fingerprint, reason: str) -> Fingerprint:
    """The fingerprint of a window about which a doubt arose while it was made: nothing will ever be asked for by it."""
    doubt = secrets.token_bytes(32)
    digest = digest_parts("doubtful", fingerprint.digest, doubt).hex()
    components = tuple(sorted({**dict(fingerprint.components), f"unproven {reason}": short_hex(doubt)}.items()))
    return Fingerprint(digest, components, (*fingerprint.unproven, reason))


def _good_for(unproven: Unproven) -> bytes:
    # The process number too: a process that was forked off is another session.
    return digest_parts("session", _THIS_SESSION, str(os.getpid())) if unproven.holds_in_session else secrets.token_bytes(32)


def explain_difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Says in words why a window is sampled again.

    Args:
        before: Components of the finished window: name -> short hash.
        after: Components of the one asked for.

    Returns:
        One phrase per difference ("conditioning changed"); empty if nothing differs.
    """
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    phrases = [_phrase(name, name in before, name in after) for name in names if name not in ("graph", "wiring")]
    if "wiring" in names:
        phrases.append("nodes were added, removed or wired differently")
    elif not phrases and "graph" in names:
        phrases.append("the same settings stand on different nodes")
    return tuple(phrases)


def _phrase(name: str, was_there: bool, is_there: bool) -> str:
    kind, _, rest = name.partition(" ")
    what = {
        "value": rest.replace("_", " "),
        "setting": rest,
        "file": f"the file in {rest}",
        "version": f"the version of {rest}",
        "code": f"the code of {rest}",
        "machine": rest,
        "said": f"what {rest} says about a change",
        "unproven": rest,
    }.get(kind, name)
    if kind == "unproven":
        return what if is_there else f"the one on disk is in doubt: {what}"
    if was_there and is_there:
        return f"{what} changed"
    return f"{what} is new" if is_there else f"{what} is gone"
