"""Workflows in media files, built byte by byte after the formats' specifications."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import zlib

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.document import Kind
from audio_loop.workflow_graph.metadata import embedded
from audio_loop.workflow_graph.metadata.limits import MetadataError

WORKFLOW = {"nodes": [], "links": [], "last_node_id": 0, "last_link_id": 0, "extra": {"name": "Grüße ♪"}, "version": 0.4}
PROMPT = {"1": {"class_type": "LoadImage", "inputs": {"image": "a.png"}}}
TEXTS = {"prompt": json.dumps(PROMPT), "workflow": json.dumps(WORKFLOW)}
COMMENT = json.dumps({"prompt": json.dumps(PROMPT), "workflow": WORKFLOW})


def png(*chunks):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    parts = [chunk(b"IHDR", head), *(chunk(kind, data) for kind, data in chunks), body, chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def text_png(form):
    chunks = []
    for name, text in TEXTS.items():
        key, data = name.encode() + b"\0", text.encode()
        if form == "tEXt":
            chunks.append((b"tEXt", key + data))
        elif form == "zTXt":
            chunks.append((b"zTXt", key + b"\0" + zlib.compress(data)))
        elif form == "iTXt":
            chunks.append((b"iTXt", key + b"\0\0" + b"de\0" + b"Name\0" + data))
        else:
            chunks.append((b"iTXt", key + b"\1\0" + b"\0\0" + zlib.compress(data)))
    return png(*chunks)


def webp(order="<"):
    values = [f"{name}:{text}".encode() + b"\0" for name, text in TEXTS.items()]
    directory_bytes = 2 + 12 * len(values) + 4
    entries, tail = b"", b""
    for tag, value in zip((0x0110, 0x010F), values, strict=True):
        entries += struct.pack(f"{order}HHII", tag, 2, len(value), 8 + directory_bytes + len(tail))
        tail += value
    mark = b"II" if order == "<" else b"MM"
    exif = mark + struct.pack(f"{order}HI", 42, 8) + struct.pack(f"{order}H", len(values)) + entries + b"\0\0\0\0" + tail
    chunks = b"VP8 " + struct.pack("<I", 3) + b"abc\0" + b"EXIF" + struct.pack("<I", len(exif)) + exif + b"\0" * (len(exif) % 2)
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def value(text):
    return box(b"data", struct.pack(">II", 1, 0), text.encode())


def mp4(form):
    media = struct.pack(">I", 1) + b"mdat" + struct.pack(">Q", 16 + 100) + b"\0" * 100
    if form == "keys":
        keys = box(b"keys", struct.pack(">II", 0, 2), *(box(b"mdta", name.encode()) for name in TEXTS))
        items = box(b"ilst", *(box(struct.pack(">I", i + 1), value(text)) for i, text in enumerate(TEXTS.values())))
        tags = box(b"udta", box(b"meta", b"\0\0\0\0", box(b"hdlr", b"\0" * 24), keys, items))
    elif form == "quicktime keys":
        keys = box(b"keys", struct.pack(">II", 0, 2), *(box(b"mdta", name.encode()) for name in TEXTS))
        items = box(b"ilst", *(box(struct.pack(">I", i + 1), value(text)) for i, text in enumerate(TEXTS.values())))
        tags = box(b"meta", box(b"hdlr", b"\0" * 24), keys, items)
        return box(b"ftyp", b"qt  ") + media + box(b"moov", box(b"mvhd", b"\0" * 20), box(b"udta", tags))
    elif form == "comment":
        tags = box(b"udta", box(b"meta", b"\0\0\0\0", box(b"ilst", box(b"\xa9cmt", value(COMMENT)))))
    else:
        tags = box(b"udta", box(b"\xa9cmt", struct.pack(">HH", len(COMMENT) & 0xFFFF, 0x55C4), COMMENT.encode()))
    return box(b"ftyp", b"isom") + media + box(b"moov", box(b"mvhd", b"\0" * 20), tags)


def element(identity, *parts, unknown=False):
    body = b"".join(parts)
    size = b"\x01" + b"\xff" * 7 if unknown else struct.pack(">Q", len(body) | 1 << 56)
    return identity + size + body


def matroska(form):
    pairs = TEXTS if form != "comment" else {"COMMENT": COMMENT}
    simple = [
        element(b"\x67\xc8", element(b"\x45\xa3", name.upper().encode()), element(b"\x44\x87", text.encode()))
        for name, text in pairs.items()
    ]
    tags = element(b"\x12\x54\xc3\x67", element(b"\x73\x73", element(b"\x63\xc0"), *simple))
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xe7", b"\0"), element(b"\xa3", b"\0" * 50), unknown=form == "live")
    segment = element(b"\x18\x53\x80\x67", cluster, tags, unknown=form == "live")
    return element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm")) + segment


FILES = {
    "tEXt.png": text_png("tEXt"),
    "zTXt.png": text_png("zTXt"),
    "iTXt.png": text_png("iTXt"),
    "packed.png": text_png("packed"),
    "little.webp": webp("<"),
    "big.webp": webp(">"),
    "keys.mp4": mp4("keys"),
    "keys.mov": mp4("quicktime keys"),
    "comment.mp4": mp4("comment"),
    "comment.mov": mp4("user text"),
    "tags.webm": matroska("tags"),
    "live.mkv": matroska("live"),
    "comment.webm": matroska("comment"),
}


@pytest.fixture
def file(tmp_path):
    def make(name, data):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return make


@pytest.mark.parametrize("name", FILES)
def test_both_forms_are_found(file, name):
    found = embedded.read(file(name, FILES[name]))
    assert found.document(Kind.WORKFLOW) == WORKFLOW
    assert found.document(Kind.PROMPT) == PROMPT


@pytest.mark.parametrize("name", FILES)
def test_a_cut_or_damaged_file_is_refused_or_read_but_never_raises_anything_else(file, name):
    data = FILES[name]
    whole = refused = 0
    for cut in range(0, len(data), max(1, len(data) // 60)):
        for broken in (data[:cut], data[:cut] + bytes([data[cut] ^ 0xFF]) + data[cut + 1 :]):
            try:
                embedded.read(file(name, broken)).document(Kind.WORKFLOW)
                whole += 1
            except documents.DocumentError:
                refused += 1
    assert refused > 30
    assert whole + refused >= 120


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no PNG"),
        (b'{"nodes": []}', "JSON already"),
        (b"\xff\xd8\xff\xe0 a JPEG", "is no PNG"),
        (png(), "holds neither"),
        (png((b"tEXt", b"parameters\0steps: 20")), "holds neither"),
        (box(b"ftyp", b"isom") + box(b"mdat", b"x"), "no moov"),
        (png((b"zTXt", b"workflow\0\0" + zlib.compress(b"x" * (33 * 2**20)))), "MiB"),
        (png((b"tEXt", b'workflow\0{"nodes": [')), "truncated"),
        (png((b"tEXt", b'workflow\0{"1": {"class_type": "X"}}')), "something else"),
    ],
)
def test_what_holds_no_workflow_is_named(file, data, said):
    with pytest.raises(documents.DocumentError, match=said):
        embedded.read(file("a.png", data)).document(Kind.WORKFLOW)


def test_the_other_form_is_pointed_to(file):
    found = embedded.read(file("a.png", png((b"tEXt", b"prompt\0" + TEXTS["prompt"].encode()))))
    with pytest.raises(MetadataError, match="add --prompt"):
        found.document(Kind.WORKFLOW)


def _run(*arguments):
    script = REPOSITORY / "scripts" / "extract_workflow_from_png.py"
    command = [sys.executable, "-S", str(script), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_writes_beside_and_overwrites_nothing(file, tmp_path):
    path = file("video.mp4", FILES["keys.mp4"])
    assert _run(path).returncode == 0
    target = tmp_path / "video.mp4.workflow.json"
    assert documents.load_workflow(target) == WORKFLOW
    target.write_bytes(b"mine")
    refused = _run(path)
    assert (refused.returncode, target.read_bytes()) == (2, b"mine")
    assert "Traceback" not in refused.stderr
    assert _run(path, "--force").returncode == 0
    assert documents.load_workflow(target) == WORKFLOW
    assert _run(path, "--prompt", "-o", tmp_path / "p.json").returncode == 0
    assert documents.load(tmp_path / "p.json") == PROMPT
    assert json.loads(_run(path, "--stdout").stdout) == WORKFLOW
    assert _run(path, "--stdout", "--raw").stdout == TEXTS["workflow"]


def test_the_command_names_every_bad_file_and_does_the_others(file, tmp_path):
    good, bad = file("a.png", FILES["iTXt.png"]), file("b.png", b"")
    done = _run(bad, tmp_path / "none.png", good)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 2
    assert (tmp_path / "a.png.workflow.json").exists()


def test_a_prompt_with_nan_is_read_and_texts_that_say_nan_stay(file):
    inputs = {"text": 'NaN, "Infinity"', "low": float("-inf")}
    prompt = {"1": {"class_type": "A", "inputs": inputs, "is_changed": [float("nan")]}}
    path = file("a.png", png((b"tEXt", b"prompt\0" + json.dumps(prompt).encode())))
    found = embedded.read(path).document(Kind.PROMPT)
    assert found["1"]["inputs"] == {"text": 'NaN, "Infinity"', "low": None}
    assert found["1"]["is_changed"] == [None]
