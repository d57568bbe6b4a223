"""Media files made to keep a reader busy or to eat the machine: answered in one sentence, in seconds and some hundred MB."""

from __future__ import annotations

import json
import os
import random
import struct
import subprocess
import sys
import zlib

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.document import DocumentError, Kind
from audio_loop.workflow_graph.metadata import embedded

from ....peak_memory import PEAK_MEGABYTES
from .test_embedded import FILES, TEXTS, box, element, png

MUTATED_FILES = int(os.environ.get("AUDIO_LOOP_MUTATED_FILES", "60"))
"""Mutated files of each kind; 20000 for a thorough search."""

MAX_SECONDS, MAX_MEGABYTES = 5, 500
MIB = 2**20


def nested(kind, depth, inside=b""):
    """Boxes in boxes, written from the outside in so that making them is not quadratic."""
    return b"".join(struct.pack(">I", len(inside) + 8 * level) + kind for level in range(depth, 0, -1)) + inside


def exif_webp(entries, text):
    size = 2 + 12 * entries + 4
    place = 8 + size
    directory = b"".join(struct.pack("<HHII", 0x0110, 2, len(text), place) for _ in range(entries))
    exif = b"II" + struct.pack("<HI", 42, 8) + struct.pack("<H", entries) + directory + b"\0\0\0\0" + text
    chunk = b"EXIF" + struct.pack("<I", len(exif)) + exif
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def zeros_in_png(chunks, name=b"workflow"):
    packed = zlib.compress(b"a" * (31 * MIB), 9)
    return png(*((b"zTXt", (name if name else b"text%d" % i) + b"\0\0" + packed) for i in range(chunks)))


def many_values(count):
    return json.dumps({"nodes": [{"id": 1, "type": "A", "properties": {"a": [{}] * count}}]}, separators=(",", ":"))


def in_png(text):
    return png((b"tEXt", b"workflow\0" + text.encode()))


def tags_webm(body):
    tags = element(b"\x12\x54\xc3\x67", body)
    return element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm")) + element(b"\x18\x53\x80\x67", tags)


HOSTILE = {
    "a box of 2^64-1 bytes": lambda: box(b"ftyp", b"isom") + struct.pack(">I", 1) + b"moov" + b"\xff" * 8,
    "udta 5000 deep": lambda: box(b"ftyp", b"isom") + box(b"moov", nested(b"udta", 5000)),
    "udta 300 deep around 30 MB": lambda: box(b"ftyp", b"isom") + box(b"moov", nested(b"udta", 300, bytes(30 * MIB))),
    "8 million empty boxes": lambda: box(b"ftyp", b"isom") + box(b"moov", box(b"free") * (8 * MIB - 8)),
    "a tag of 60 MB": lambda: box(b"ftyp", b"isom") + box(b"moov", box(b"udta", box(b"\xa9cmt", bytes(60 * MIB)))),
    "zTXt chunks of 31 MB each": lambda: zeros_in_png(190),
    "zTXt chunks of other names": lambda: zeros_in_png(190, b""),
    "5 million empty PNG chunks": lambda: png(*[(b"tEXt", b"")] * 100_000) + bytes(60 * MIB),
    "4000 EXIF entries on one text": lambda: exif_webp(4000, b"workflow:" + b" " * (15 * MIB)),
    "4000 EXIF entries on one foreign text": lambda: exif_webp(4000, b"a" * (15 * MIB)),
    "a workflow text of 31 MB": lambda: in_png(json.dumps({"nodes": [], "extra": {"x": "é" * (15 * MIB)}}, ensure_ascii=False)),
    "a workflow text of 15 MB in one string": lambda: in_png(
        '{"nodes": [], "extra": {"x": "\U0001f3b5' + "a" * (15 * MIB) + '"}}'
    ),
    "a workflow text of 5 million values": lambda: in_png(many_values(5_000_000)),
    "a workflow text of 490 000 values": lambda: in_png(many_values(490_000)),
    "a workflow text 100 000 deep": lambda: in_png('{"nodes": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "NaN behind quotes without an end": lambda: in_png('{"nodes": NaN, "x": "' + '\\"' * (7 * MIB)),
    "matroska tags of 15 MB of empty tags": lambda: tags_webm(b"\x73\x73\x80" * (5 * MIB)),
    "matroska of 20 million empty elements": lambda: tags_webm(b"") + b"\xec\x80" * (20 * MIB),
    "matroska tags of 60 MB": lambda: tags_webm(bytes(60 * MIB)),
}

MEASURED = f"""{PEAK_MEGABYTES}
import sys, time
sys.path.insert(0, sys.argv[1])
import _bootstrap
import extract_workflow_from_png as command
start = time.process_time()
status = command.main([sys.argv[2], "-d", sys.argv[3], "--force"])
sys.stdout.write(f"\\nmeasured {{status}} {{time.process_time() - start:.3f}} {{peak_megabytes():.1f}}")
"""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_answered_in_one_sentence_soon_and_in_little_memory(tmp_path, name):
    path = tmp_path / "hostile"
    path.write_bytes(HOSTILE[name]())
    assert path.stat().st_size <= 64 * MIB
    arguments = [sys.executable, "-c", MEASURED, str(REPOSITORY / "scripts"), str(path), str(tmp_path)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    _, status, seconds, megabytes = done.stdout.rsplit("\n", 1)[1].split()
    assert status == "0" or len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert float(seconds) < MAX_SECONDS
    assert float(megabytes) < MAX_MEGABYTES


def test_a_pipe_is_refused_instead_of_waited_for(tmp_path):
    path = tmp_path / "pipe.png"
    os.mkfifo(path)
    with pytest.raises(DocumentError, match="is not a regular file but a pipe; save what it gives as a file"):
        embedded.read(path)


def test_texts_of_other_names_cost_nothing_and_do_not_hide_the_workflow(tmp_path):
    packed = zlib.compress(b"a" * (31 * MIB), 9)
    path = tmp_path / "a.png"
    path.write_bytes(png((b"zTXt", b"parameters\0\0" + packed), *((b"tEXt", f"{n}\0{t}".encode()) for n, t in TEXTS.items())))
    assert embedded.read(path).texts == TEXTS


def test_bare_nan_inside_a_string_stays():
    text = r'{"a": NaN, "b": "NaN \" Infinity", "c": [-Infinity, Infinity], "d": "\\"}'
    wanted = {"a": None, "b": 'NaN " Infinity', "c": [None, None], "d": "\\"}
    assert documents.loads(text, nan_is_null=True) == wanted
    with pytest.raises(DocumentError, match="holds nan at a"):
        documents.loads(text)


SIZES = (b"\0" * 4, b"\xff" * 4, b"\0\0\0\1", b"\x7f\xff\xff\xff", b"\x80\0\0\0", b"\0\0\0\x08")


def mutated(data, rng):
    """A few random changes: bytes, sizes, cut, doubled and moved pieces."""
    result = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4, 8))):
        at, length = rng.randrange(len(result)), rng.randrange(1, 64)
        kind = rng.randrange(6)
        if kind == 0:
            result[at] = rng.randrange(256)
        elif kind == 1:
            result[at : at + 4] = rng.choice(SIZES)
        elif kind == 2:
            del result[at : at + length]
        elif kind == 3:
            result[at:at] = result[at : at + length] * rng.choice((1, 2, 50))
        elif kind == 4:
            del result[at:]
        else:
            other = rng.randrange(len(result))
            result[other:other] = result[at : at + length]
        if not result:
            return b""
    return bytes(result)


@pytest.mark.parametrize("name", FILES)
def test_a_mutated_file_is_read_or_refused_in_one_sentence(tmp_path, name):
    rng = random.Random(name)
    path = tmp_path / name
    read, refusals = 0, []
    for _ in range(MUTATED_FILES):
        path.write_bytes(mutated(FILES[name], rng))
        try:
            found = embedded.read(path)
            for kind in Kind:
                found.document(kind)
            read += 1
        except DocumentError as error:
            refusals.append(str(error))
    assert read + len(refusals) == MUTATED_FILES
    assert refusals
    assert not [text for text in refusals if not text or "\n" in text]
    print(f"{name}: {MUTATED_FILES} mutated files, {read} read, {len(refusals)} refused")
