import json
import os
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import DamagedSegmentError
from audio_loop.checkpoints.segments import container
from audio_loop.checkpoints.segments.container import BLANK_CHECKSUM, check_sealed, parse_bytes, read_verified, seal
from audio_loop.checkpoints.segments.header import CHECKSUM_KEY, METADATA_KEY, SegmentInfo
from audio_loop.checkpoints.take import Take, segment_file_name

FINGERPRINT = "0123456789abcdef" * 4
INFO = SegmentInfo(
    7,
    Take(FINGERPRINT, f'a "{CHECKSUM_KEY}":"quoted" ♪', 5, {"wiring": "0123456789ab"}),
    {"fps": 25},
    "identity",
    {"samples": {"kind": "tensor"}, "mask": {"kind": "tensor"}, "empty": {"kind": "tensor"}},
)
TENSORS = {"samples": ("F32", [1, 2, 3], 24), "mask": ("BF16", [4], 8), "empty": ("U8", [0, 5], 0)}


def metadata(info=INFO):
    return {METADATA_KEY: json.dumps(info.to_json()), CHECKSUM_KEY: BLANK_CHECKSUM}


def build(entries=None, meta=None, buffer=bytes(range(32)), header=None, size=None):
    if header is None:
        position, listed = 0, {}
        for name, (dtype, shape, length) in TENSORS.items():
            listed[name] = {"dtype": dtype, "shape": shape, "data_offsets": [position, position + length]}
            position += length
        document = {"__metadata__": metadata() if meta is None else meta, **(listed if entries is None else entries)}
        header = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    return (len(header) if size is None else size).to_bytes(8, "little") + header + buffer


WHOLE = seal(build())


def write(tmp_path, data, name=None):
    path = tmp_path / (name or segment_file_name(7, FINGERPRINT))
    path.write_bytes(data)
    return path


def test_a_whole_file_passes(tmp_path):
    path = write(tmp_path, WHOLE)
    assert read_verified(path, index=7, fingerprint=FINGERPRINT) == (WHOLE, INFO)
    assert parse_bytes(WHOLE, "x") == INFO


def test_no_changed_byte_passes():
    for position in range(len(WHOLE)):
        damaged = bytearray(WHOLE)
        damaged[position] ^= 0x01
        with pytest.raises(DamagedSegmentError):
            parse_bytes(bytes(damaged), "x")


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_no_random_damage_passes(data):
    damaged = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, max(0, len(damaged) - 1)))
        kind = data.draw(st.sampled_from(["flip", "cut", "drop", "insert"]))
        if kind == "flip" and damaged:
            damaged[position] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del damaged[position:]
        elif kind == "drop":
            del damaged[position : position + data.draw(st.integers(1, 40))]
        else:
            damaged[position:position] = data.draw(st.binary(min_size=1, max_size=40))
    if bytes(damaged) == WHOLE:
        return
    with pytest.raises(DamagedSegmentError):
        parse_bytes(bytes(damaged), "x")


@pytest.mark.parametrize("length", [*range(0, 40), len(WHOLE) - 33, len(WHOLE) - 32, len(WHOLE) - 1])
def test_no_truncated_file_passes(tmp_path, length):
    with pytest.raises(DamagedSegmentError):
        read_verified(write(tmp_path, WHOLE[:length]))


def changed_info(**changes):
    return {METADATA_KEY: json.dumps(INFO.to_json() | changes), CHECKSUM_KEY: BLANK_CHECKSUM}


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ({"format": "pt"}, "not written by Audio Loop"),
        ([], "not written by Audio Loop"),
        ({METADATA_KEY: metadata()[METADATA_KEY]}, "does not write"),
        (metadata() | {"more": "x"}, "does not write"),
        (metadata() | {METADATA_KEY: "{"}, "damaged metadata"),
        (metadata() | {METADATA_KEY: "[" * 99999}, "damaged metadata"),
        (metadata() | {METADATA_KEY: "[]"}, "damaged metadata"),
        (changed_info(version=5), "newer Audio Loop"),
        (changed_info(version=0), "damaged metadata"),
        (changed_info(index=-1), "damaged metadata"),
        (changed_info(index=8), "named for window 7, but holds window 8"),
        (changed_info(take={}), "damaged metadata"),
        (changed_info(layout={}), "damaged metadata"),
        (changed_info(layout={"samples": {"kind": "tensor"}}), "does not hold the tensors that its layout names"),
    ],
)
def test_foreign_and_damaged_metadata(tmp_path, meta, reason):
    data = build(meta=meta)
    data = seal(data) if BLANK_CHECKSUM.encode() in data else data
    with pytest.raises(DamagedSegmentError, match=reason):
        read_verified(write(tmp_path, data))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (build(size=2**63), "claims a header of"),
        (build(size=10**9), "claims a header of"),
        (build(header=b"[1]"), "does not begin with a brace"),
        (build(header=b" {}"), "does not begin with a brace"),
        (build(header=b'{"a":1,"a":1}'), "'a' appears twice"),
        (build(header=b'{"a":' * 60_000), "unreadable header"),
        (build(header=b'{"\xff":1}'), "unreadable header"),
        (b"PK\x03\x04" + bytes(200), "claims a header|brace"),
        (b"\x80\x04\x95" + bytes(200), "claims a header|brace"),
        (build(), "does not match its checksum"),
    ],
)
def test_what_is_no_segment(tmp_path, data, reason):
    with pytest.raises(DamagedSegmentError, match=reason):
        read_verified(write(tmp_path, data))


def test_a_sparse_giant_is_refused_before_it_is_read(tmp_path):
    path = write(tmp_path, WHOLE)
    with path.open("r+b") as file:
        file.truncate(200 << 30)
    with pytest.raises(DamagedSegmentError, match="more than any segment file"):
        read_verified(path)
    with path.open("r+b") as file:
        file.truncate(60 << 30)
    with pytest.raises(DamagedSegmentError, match="truncated or extended"):
        read_verified(path)


def test_folders_pipes_and_missing_files_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "missing"):
        with pytest.raises(DamagedSegmentError):
            read_verified(path)


def test_the_wrong_window_or_fingerprint_is_refused(tmp_path):
    path = write(tmp_path, WHOLE, "any name")
    with pytest.raises(DamagedSegmentError, match="holds window 7, not 8"):
        read_verified(path, index=8)
    with pytest.raises(DamagedSegmentError, match="not the expected ffffffffffff"):
        read_verified(path, fingerprint="f" * 64)


def test_sealing_needs_one_blank_checksum():
    with pytest.raises(ValueError, match="no blank checksum"):
        seal(WHOLE)
    with pytest.raises(ValueError, match="no blank checksum"):
        seal(build(meta={}))
    check_sealed(WHOLE, "x")


def test_a_file_that_grows_under_the_read_is_refused(tmp_path, monkeypatch):
    path = write(tmp_path, WHOLE)

    def meanwhile(*_arguments):
        with path.open("ab") as file:
            file.write(b"x")

    monkeypatch.setattr(container, "_check_expected", meanwhile)
    with pytest.raises(DamagedSegmentError, match="changed its length while it was read"):
        read_verified(path)


def test_a_file_that_is_cut_before_its_header_is_read_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(container, "os", SimpleNamespace(fstat=lambda _file: SimpleNamespace(st_size=len(WHOLE))))
    with pytest.raises(DamagedSegmentError, match="changed its length while it was read"):
        read_verified(write(tmp_path, WHOLE[:100]))


def test_a_file_without_a_checksum_is_refused():
    with pytest.raises(DamagedSegmentError, match="x lacks the checksum that Audio Loop writes"):
        check_sealed(build(meta={}), "x")


def test_a_file_that_does_not_fit_into_memory_is_refused(tmp_path, monkeypatch):
    def fail(_path):
        raise MemoryError

    monkeypatch.setattr(container, "open_regular", fail)
    with pytest.raises(DamagedSegmentError, match="does not fit into memory"):
        read_verified(write(tmp_path, WHOLE))
