"""The strict reader: every surprise of Python's own is one error, in words."""

import hashlib
from collections import OrderedDict

import numpy as np
import pytest

from audio_loop.files import hashing
from audio_loop.files.json_document import JsonDocumentError, dump_json, parse_json, refuse_unwritable
from audio_loop.files.schema_check import JsonSchemaError, check_schema

MIB = 1 << 20


def deep(levels):
    """A list in a list, so many levels deep."""
    value = []
    for _ in range(levels - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is empty"),
        (b'{"a": [1, 2', "truncated"),
        (b'{"a": 1,}', "not JSON"),
        (b"\xff", "not UTF-8 text (byte 0)"),
        (b'{"b": 0, "a": 1, "a": 2}', "the key 'a' appears twice"),
        (b"NaN", "nan"),
        (b'[0, {"a": -Infinity}]', "-inf at [1].a"),
        (b'{"a": 1e999}', "inf at a"),
        (b"9" * 5000, "digits"),
        (b'["\\ud83d"]', r"half a character ('\ud83d')"),
        ('["\ud83d"]', r"half a character ('\ud83d')"),
        (b"[" * 102 + b"]" * 102, "nested deeper than 100"),
        (b"[" * 100_000, "nested deeper than 100"),
        (b" " * (MIB + 1), "1.0 MiB; over 1 MiB"),
    ],
)
def test_what_is_refused(data, said):
    with pytest.raises(JsonDocumentError) as caught:
        parse_json(data, longest_bytes=MIB, most_values=MIB)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"\xef\xbb\xbf[1]", [1]),
        (b'"\\ud83d\\ude00"', "\N{GRINNING FACE}"),
        (b"[" * 100 + b"]" * 100, None),
        ("[1.5, true, null]", [1.5, True, None]),
    ],
)
def test_what_is_read(data, value):
    read = parse_json(data, longest_bytes=MIB)
    assert value is None or read == value


def test_a_limit_of_values():
    assert len(parse_json(b"[0,0,0]", longest_bytes=MIB, most_values=4)) == 3
    with pytest.raises(JsonDocumentError, match="about 4 JSON values; more than 3"):
        parse_json(b"[0,0,0]", longest_bytes=MIB, most_values=3)


def test_what_a_caller_may_allow():
    assert parse_json(b"[NaN, -Infinity]", longest_bytes=MIB, nan_is_null=True) == [None, None]
    assert parse_json(b'"\\ud83d"', longest_bytes=MIB, half_characters=True) == "\ud83d"


def test_what_is_written_is_sorted_and_read_back():
    value = {"b": "ü", "a": [1, 2.5, None]}
    assert dump_json(value) == '{"a":[1,2.5,null],"b":"ü"}'.encode()
    assert parse_json(dump_json(value, indent=1), longest_bytes=MIB) == value
    with pytest.raises(ValueError, match="JSON"):
        dump_json([float("nan")])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([float("inf")], "the run holds inf at [0], which JSON does not have; give the value a finite number"),
        ({"a": {1, 2}}, "the run holds a set at a, which JSON does not have"),
        ({"a": [{2: 0}]}, "the run has the key 2 at a[0]; JSON keys are strings"),
        ({2: 0}, "the run has the key 2 at the top; JSON keys are strings"),
        (deep(102), "the run is nested deeper than 100 levels (at "),
        (deep(200_000), "the run is nested deeper than 100 levels (at "),
    ],
)
def test_what_cannot_be_written_is_named_with_its_place(value, said):
    with pytest.raises(JsonDocumentError) as caught:
        refuse_unwritable(value, "the run")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize("value", [OrderedDict(a=(1, True)), [np.float64(1.5)], deep(100), {"a": [None, "b", 2.5]}])
def test_kinds_of_what_json_has_can_be_written(value):
    refuse_unwritable(value, "the run")
    dump_json(value)


def test_a_list_that_is_too_long_is_refused_by_its_place():
    schema = {"type": "object", "properties": {"a": {"type": "array", "maxItems": 2, "items": {"type": "integer"}}}}
    check_schema({"a": [1, 2]}, schema)
    with pytest.raises(JsonSchemaError, match=r"document\.a has 3 items; at most 2 are allowed"):
        check_schema({"a": [1, 2, 3]}, schema)


def test_without_blake3_the_standard_library_s_hash_is_taken(monkeypatch):
    monkeypatch.setattr(hashing, "blake3", None)
    hasher = hashing.new_hasher()
    hasher.update(b"a song")
    assert hasher.digest() == hashlib.blake2b(b"a song", digest_size=hashing.DIGEST_BYTES).digest()
