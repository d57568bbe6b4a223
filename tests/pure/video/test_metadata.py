"""The graph as text in a file: strict JSON that every reader of ComfyUI's takes."""

from __future__ import annotations

import json
import math

import pytest

from audio_loop.video.metadata import metadata_texts


def read_by_counting_braces(text):
    """As the frontend finds the end of the JSON in a WebM: it does not know what a string is."""
    depth = 0
    for index, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if character == "}" and depth == 0:
            return json.loads(text[: index + 1])
    return None


TEXTS = ["{", "}", "a } b {{", '"}', "\\", "\\}", '\\"{', "Größe {\n\t} 🎵", "\ud800}", "NaN", "-Infinity {"]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_with_braces_come_back_from_a_reader_that_counts_them(text):
    value = {"nodes": [{"text": text, text: 1}], "links": []}
    written = metadata_texts({"workflow": value})["workflow"]
    assert read_by_counting_braces(written) == json.loads(written) == value
    assert written.isascii()


def test_what_json_cannot_hold_is_written_as_something_that_it_can():
    prompt = {
        "1": {"class_type": "A", "is_changed": [math.nan], "inputs": {"low": -math.inf, "high": math.inf, "text": "NaN"}},
        "2": {"is_changed": b"\x00fingerprint", "inputs": {"set": {3}}},
    }

    def refuse(token):
        raise AssertionError(f"{token} is not JSON")

    found = json.loads(metadata_texts({"prompt": prompt})["prompt"], parse_constant=refuse)
    assert found["1"] == {"class_type": "A", "is_changed": [None], "inputs": {"low": None, "high": None, "text": "NaN"}}
    assert "fingerprint" in found["2"]["is_changed"]


def test_no_metadata_is_no_text():
    assert metadata_texts(None) == {}
