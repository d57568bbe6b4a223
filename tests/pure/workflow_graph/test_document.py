from __future__ import annotations

import json
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.document import DocumentError, Kind

UI = {"nodes": [], "links": [], "version": 0.4}
API = {"1": {"class_type": "KSampler", "inputs": {}}}

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), values, max_size=6))
def test_what_is_written_is_read_back(value: dict) -> None:
    data = document.dumps(value)
    assert document.loads(data) == value
    assert document.dumps(document.loads(data)) == data


def test_canonical_form() -> None:
    assert document.dumps({"b": "ü", "a": [1, 2.5]}) == '{\n  "b": "ü",\n  "a": [\n    1,\n    2.5\n  ]\n}\n'.encode()


def test_half_a_surrogate_pair_survives() -> None:
    data = b'{"title": "\\ud83d"}'
    again = document.dumps(document.loads(data))
    assert b"\\ud83d" in again
    assert document.loads(again) == document.loads(data)


def nested(depth: int) -> bytes:
    return b'{"a": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"nodes": [1, 2', "truncated"),
        (b'{"nodes": "abc', "truncated"),
        (b'{"nodes": ', "truncated"),
        (b'{"nodes": [], }', "not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8"),
        (b"[1]", "a JSON list, not an object"),
        (b"3", "a JSON number, not an object"),
        (b'{"a": 1, "a": 2}', "'a' appears twice"),
        (b'{"nodes": [{"widgets_values": [1, NaN]}]}', "nan at nodes[0].widgets_values[1]"),
        (b'{"a": Infinity}', "inf at a"),
        (b'{"a": 1e999}', "inf at a"),
        (b'{"a": ' + b"9" * 5000 + b"}", "digits"),
        (nested(150), "nested deeper than 100"),
        (nested(100_000), "nested deeper than 100"),
    ],
)
def test_bad_input_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        document.loads(data)
    assert said in str(caught.value)


def test_50_mb_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    with pytest.raises(DocumentError, match=r"47\.7 MiB"):
        document.load(path)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(DocumentError, match="cannot be read"):
            document.load(path)


def test_byte_order_mark_is_accepted() -> None:
    assert document.loads(b"\xef\xbb\xbf" + document.dumps(UI)) == UI


def test_kinds() -> None:
    assert document.kind(UI) is Kind.WORKFLOW
    assert document.kind(API) is Kind.PROMPT
    with pytest.raises(DocumentError, match="request to /prompt"):
        document.kind({"prompt": API, "client_id": "x"})
    for other in ({}, {"a": 1}, {"1": {"inputs": {}}}):
        with pytest.raises(DocumentError, match="neither"):
            document.kind(other)


def test_the_wrong_kind_is_named_with_the_way_out(tmp_path: Path) -> None:
    ui, api = tmp_path / "ui.json", tmp_path / "api.json"
    document.save(UI, ui)
    document.save(API, api)
    with pytest.raises(DocumentError, match=r"api\.json is an API prompt, a UI workflow is needed.*Save"):
        document.load_workflow(api)
    assert document.load_workflow(ui) == UI
    assert document.load(document.dumps(API)) == API


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    document.save(UI, path)
    with pytest.raises(DocumentError, match="exists"):
        document.save(API, path)
    assert document.load(path) == UI
    document.save(API, path, replace=True)
    assert document.load(path) == API


@pytest.mark.parametrize("bad", [float("nan"), object(), {1: 2}, {"a": {3}}])
def test_a_refused_document_leaves_the_file_alone(tmp_path: Path, bad: object) -> None:
    path = tmp_path / "a.json"
    document.save(UI, path)
    with pytest.raises(DocumentError):
        document.save({"nodes": [bad]}, path, replace=True)
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]
    assert document.load(path) == UI


def test_a_failing_write_leaves_no_temporary_file(tmp_path: Path) -> None:
    target = tmp_path / "folder.json"
    (target / "inside").mkdir(parents=True)
    with pytest.raises(DocumentError, match="cannot be written"):
        document.save(UI, target, replace=True)
    assert [p.name for p in tmp_path.iterdir()] == ["folder.json"]
    with pytest.raises(DocumentError, match="cannot be written"):
        document.save(UI, tmp_path / "no" / "such" / "folder.json")


def test_clone_shares_nothing() -> None:
    original = {"a": [{"b": 1}]}
    copy = document.clone(original)
    copy["a"][0]["b"] = 2
    assert original == {"a": [{"b": 1}]}


def test_numbers_keep_their_size() -> None:
    data = json.dumps({"seed": 18446744073709551615, "cfg": 1.0, "n": 1}).encode()
    again = document.dumps(document.loads(data))
    assert b"18446744073709551615" in again
    assert b"1.0" in again
