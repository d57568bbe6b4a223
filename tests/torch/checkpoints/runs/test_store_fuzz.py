"""Damaged stores: nothing but our own errors, and nothing wrong is ever loaded.

`AUDIO_LOOP_DAMAGED_STORES` sets how many are tried. Some get a header that was changed and then given a checksum that fits
it, which no accident does: such a forgery reaches the checks behind the checksum, and only has to cause no error.
"""

import json
import os
import shutil

import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import NewerManifestError
from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.container import BLANK_CHECKSUM, seal
from audio_loop.checkpoints.segments.header import CHECKSUM_KEY
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.take import Take

from .checkpoint_stores import fingerprint

DAMAGED_STORES = int(os.environ.get("AUDIO_LOOP_DAMAGED_STORES", "300"))
CODEC = LatentCodec(list)
TAKES = [(0, "a"), (1, "b"), (1, "c"), (7, "d")]
COUNTS = {"stores": 0, "given": 0, "made again": 0, "refused as newer": 0}

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=4,
)


def samples(name):
    return torch.full((1, 2, 2, 1, 1), float(int(fingerprint(name)[:4], 16)))


def save(store, index, name):
    store.save(index, {"samples": samples(name)}, Take(fingerprint(name), f"prompt {name}", 5, {"wiring": "0" * 12}))


def build(root):
    store = Store(root, "run", CODEC)
    for index, name in TAKES:
        save(store, index, name)
    store.lock(7)
    return {each.name: each.read_bytes() for each in store.folder.iterdir() if not each.name.startswith(".")}


def spots(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from spots(item, (*path, key))


def with_change(draw, document):
    """The document with one value anywhere replaced, removed or doubled."""
    path = draw(st.sampled_from(list(spots(document))))
    if not path:
        return draw(JSON)
    parent = document
    for key in path[:-1]:
        parent = parent[key]
    kind = draw(st.sampled_from(["replace", "remove", "double", "bump"]))
    if kind == "remove":
        del parent[path[-1]]
    elif kind == "double" and isinstance(parent, list):
        parent.append(parent[path[-1]])
    elif kind == "bump" and isinstance(parent[path[-1]], int):
        parent[path[-1]] = parent[path[-1]] + draw(st.sampled_from([1, -1, 2**31, 2**63]))
    else:
        parent[path[-1]] = draw(JSON)
    return document


def damage_json(draw, data):
    try:
        document = with_change(draw, json.loads(data))
    except ValueError:
        return data[: len(data) // 2]
    return json.dumps(document).encode()


def damage_header(draw, data):
    """Changes the JSON of a safetensors header and makes the rest of the file fit it, sometimes with a new checksum."""
    length = int.from_bytes(data[:8], "little")
    try:
        document = json.loads(data[8 : 8 + length])
        inner = json.loads(document["__metadata__"]["audio_loop.segment"])
        if draw(st.booleans()):
            inner = with_change(draw, inner)
            document["__metadata__"]["audio_loop.segment"] = json.dumps(inner)
        else:
            document = with_change(draw, document)
        sealed_again = draw(st.booleans())
        if sealed_again:
            document["__metadata__"][CHECKSUM_KEY] = BLANK_CHECKSUM
        header = json.dumps(document, separators=(",", ":")).encode()
        damaged = len(header).to_bytes(8, "little") + header + data[8 + length :]
        return (seal(damaged), True) if sealed_again else (damaged, False)
    except (ValueError, TypeError, KeyError):
        return data[8:], False


def damage_bytes(draw, data):
    damaged = bytearray(data)
    position = draw(st.integers(0, max(0, len(damaged) - 1)))
    kind = draw(st.sampled_from(["flip", "cut", "drop", "insert", "length", "noise", "empty"]))
    if kind == "flip" and damaged:
        damaged[position] ^= 1 << draw(st.integers(0, 7))
    elif kind == "cut":
        del damaged[position:]
    elif kind == "drop":
        del damaged[position : position + draw(st.integers(1, 64))]
    elif kind == "length":
        damaged[:8] = draw(st.integers(0, 2**64 - 1)).to_bytes(8, "little")
    elif kind == "noise":
        damaged = bytearray(draw(st.binary(max_size=200)))
    elif kind == "empty":
        damaged.clear()
    else:
        damaged[position:position] = draw(st.binary(min_size=1, max_size=20))
    return bytes(damaged)


@st.composite
def damaged_stores(draw, whole):
    files, forged = dict(whole), False
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(files)))
        kind = draw(st.sampled_from(["bytes", "bytes", "json", "json", "remove", "swap", "copy", "newer"]))
        if kind == "bytes":
            files[name] = damage_bytes(draw, files[name])
        elif kind == "json" and name == "manifest.json":
            files[name] = damage_json(draw, files[name])
        elif kind == "json":
            files[name], sealed_again = damage_header(draw, files[name])
            forged = forged or sealed_again
        elif kind == "newer":
            files[name] = files[name].replace(b'"version": 2', b'"version": 5').replace(b'version\\":2', b'version\\":5')
        elif kind == "remove" and len(files) > 1:
            del files[name]
        elif kind == "swap":
            files[name] = files[draw(st.sampled_from(sorted(files)))]
        elif kind == "copy" and name != "manifest.json":
            files[name.replace(".safetensors", "_2.safetensors")[-60:]] = files[name]
    return files, forged


def check(root, files, forged):
    folder = root / "run"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    COUNTS["stores"] += 1
    store = Store(root, "run", CODEC)
    try:
        store.manifest()
    except NewerManifestError:
        COUNTS["refused as newer"] += 1
        assert (folder / "manifest.json").read_bytes() == files["manifest.json"]
        return
    known = {fingerprint(name): name for _index, name in TAKES}
    for index, name in TAKES:
        found = store.lookup(index, fingerprint(name))
        if found is not None and forged:
            COUNTS["given"] += 1
        elif found is not None:
            COUNTS["given"] += 1
            original = known[found.take.fingerprint]
            assert (index, original) in TAKES
            assert found.locked or original == name
            assert torch.equal(found.latent["samples"], samples(original))
            assert found.latent["samples"].dtype == torch.float32
        else:
            COUNTS["made again"] += 1
            save(store, index, name)
            again = store.lookup(index, fingerprint(name))
            assert again is not None
            assert forged or again.locked or torch.equal(again.latent["samples"], samples(name))
    segments = {name: data for name, data in files.items() if name != "manifest.json"}
    assert {name: (folder / name).read_bytes() for name in segments} == segments
    assert Store(root, "run", CODEC).lookup(0, fingerprint("a")) is not None


def test_damaged_stores_are_never_loaded_silently(memory_folder):
    whole = build(memory_folder / "whole")

    @settings(
        max_examples=DAMAGED_STORES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
    )
    @given(damaged_stores(whole))
    def every(damaged):
        root = memory_folder / "damaged"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir()
        check(root, *damaged)

    try:
        every()
    finally:
        print(COUNTS)
    assert COUNTS["stores"] >= DAMAGED_STORES * 0.9
    assert min(COUNTS.values()) > 0


def test_an_undamaged_store_gives_everything(tmp_path):
    whole = build(tmp_path / "whole")
    before = dict(COUNTS)
    (tmp_path / "copy").mkdir()
    check(tmp_path / "copy", whole, forged=False)
    assert COUNTS["given"] - before["given"] == len(TAKES)
