import copy
import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import CheckpointError, DamagedManifestError, NewerManifestError
from audio_loop.checkpoints.runs.manifest import MANIFEST_SCHEMA, Manifest, StoredTake, dump_manifest, parse_manifest
from audio_loop.checkpoints.runs.pruning import superfluous_takes
from audio_loop.checkpoints.take import Place, Retake, Take, index_of_file_name, segment_file_name
from audio_loop.files.schema_check import JsonSchemaError, check_schema


def fingerprint(number):
    return f"{number:016x}" + "0" * 48


def take(number, **changes):
    fields = {
        "fingerprint": fingerprint(number),
        "prompt": "ein Lied ♪",
        "seed": 2**64 - 1,
        "components": {"value seed": "0123456789ab"},
        "seconds": 1.5,
        "peak_memory_bytes": 10**10,
        "created": f"2026-03-01T10:00:{number % 60:02d}.000000+00:00",
    }
    return Take(**(fields | changes))


def stored(index, number, **changes):
    made = take(number, **changes)
    return StoredTake(segment_file_name(index, made.fingerprint), made)


def run(*numbers):
    manifest = Manifest("run", "identity", "2026-03-01T10:00:00.000000+00:00", {"fps": 25})
    for index, number in numbers:
        manifest = manifest.with_take(index, stored(index, number), choose=True)
    return manifest


FULL = run((0, 1), (2, 3), (2, 4), (7, 8)).with_lock(7, True)
NOW = "2026-03-05T10:00:00.000000+00:00"
KNOWN = (
    FULL.with_take(7, stored(7, 9, place=Place("a" * 64, "b" * 64, None)), choose=True, by="one")
    .with_take(7, stored(7, 10, place=Place("a" * 64), retake=Retake("c" * 64, "d" * 64, "e" * 64)), choose=True, by="two")
    .with_choice(2, fingerprint(3), locked=False, by="one", picked=NOW)
    .with_take(8, stored(8, 11, versions={"comfyui": "0.33.0", "audio-loop": "0.1.0"}), choose=True)
)
"""With all that a manifest of today may say."""


@pytest.mark.parametrize("manifest", [FULL, KNOWN])
def test_what_is_written_is_read(manifest):
    assert parse_manifest(dump_manifest(manifest)) == manifest
    assert dump_manifest(parse_manifest(dump_manifest(manifest))) == dump_manifest(manifest)


def test_a_manifest_of_the_version_before_is_read():
    document = json.loads(dump_manifest(FULL)) | {"version": 1}
    assert parse_manifest(json.dumps(document).encode()) == FULL


def test_a_run_is_written_in_the_oldest_form_that_says_all_of_it():
    """So that the Audio Loop that made a run can read it until a newer one adds a window."""
    assert [json.loads(dump_manifest(each))["version"] for each in (FULL, KNOWN)] == [2, 3]
    document = json.loads(dump_manifest(KNOWN))
    document["segments"][-1]["takes"][0]["take"]["versions"]["comfyui"] = "0" * 201
    with pytest.raises(DamagedManifestError, match="comfyui"):
        parse_manifest(json.dumps(document).encode())


def test_what_each_project_shows_is_in_use():
    assert KNOWN.window(7).chosen_by == {"": fingerprint(8), "one": fingerprint(9), "two": fingerprint(10)}
    assert KNOWN.window(7).in_use == {fingerprint(8), fingerprint(9), fingerprint(10)}
    assert KNOWN.window(2).in_use == {fingerprint(3), fingerprint(4)}
    assert KNOWN.window(2).find(fingerprint(3)).preferred == NOW
    without = KNOWN.without_take(7, fingerprint(9)).window(7)
    assert without.chosen_by == {"": fingerprint(8), "two": fingerprint(10)}
    sizes = {each.file: 10 for window in KNOWN.windows for each in window.takes}
    assert superfluous_takes(KNOWN, sizes, keep_takes=1, limit_bytes=0) == ()


def test_what_a_project_shows_is_the_newest_made_for_it():
    manifest = run((2, 3), (2, 4), (2, 5))
    for number in (4, 3, 9):
        manifest = manifest.with_newest_of(2, fingerprint(number), "one")
    assert manifest.with_newest_of(2, fingerprint(5), "").window(2).chosen_by == {"one": fingerprint(4)}


def test_takes_are_added_replaced_chosen_and_removed():
    manifest = run((2, 3), (2, 4))
    assert manifest.window(2).chosen == fingerprint(4)
    assert manifest.with_take(2, stored(2, 5), choose=False).window(2).chosen == fingerprint(4)
    again = manifest.with_take(2, StoredTake(segment_file_name(2, fingerprint(3), 2), take(3, seconds=9.0)), choose=True)
    assert [each.take.seconds for each in again.window(2).takes] == [9.0, 1.5]
    chosen = manifest.with_choice(2, fingerprint(3), locked=True).window(2)
    assert (chosen.chosen, chosen.locked) == (fingerprint(3), True)
    left = manifest.without_take(2, fingerprint(4))
    assert left.window(2).chosen == fingerprint(3)
    none = left.with_lock(2, True).without_take(2, fingerprint(3))
    assert (none.window(2).chosen, none.window(2).locked) == (None, False)
    assert parse_manifest(dump_manifest(none)) == none
    assert manifest == run((2, 3), (2, 4))


def test_wrong_choices_name_what_there_is():
    manifest = run((2, 3), (2, 4))
    with pytest.raises(CheckpointError, match=r"window 2 has no take 'ff'; its takes are: 0{12}, 0{12}"):
        manifest.with_choice(2, "ff", locked=True)
    with pytest.raises(CheckpointError, match="more than one take"):
        manifest.with_choice(2, "00", locked=True)
    with pytest.raises(CheckpointError, match="no take ''"):
        manifest.with_choice(2, "", locked=True)
    with pytest.raises(CheckpointError, match="window 5 has no take to lock; finished windows: 2"):
        manifest.with_lock(5, True)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"version": True},
        {"version": "2"},
        {"format": "other", "version": 9},
        {"run": 1},
        {"plan": []},
        {"segments": {}},
        {"extra": 1},
        {"created": "yesterday"},
    ],
)
def test_damaged_top_levels(change):
    document = json.loads(dump_manifest(FULL)) | change
    with pytest.raises(DamagedManifestError):
        parse_manifest(json.dumps(document).encode())


@pytest.mark.parametrize(
    "damage",
    [
        lambda s: s.reverse(),
        lambda s: s.append(copy.deepcopy(s[0])),
        lambda s: s[0].update(chosen=None),
        lambda s: s[0].update(chosen="00"),
        lambda s: s[0].update(takes=[]),
        lambda s: s[0].update(index=3),
        lambda s: s[0].update(index=-1),
        lambda s: s[0].update(index=0.0),
        lambda s: s[0].update(locked=1),
        lambda s: s[0]["takes"].append(s[0]["takes"][0]),
        lambda s: s[0]["takes"][0].update(file="../../etc/passwd"),
        lambda s: s[0]["takes"][0].update(file=s[0]["takes"][0]["file"] + "\n"),
        lambda s: s[1]["takes"][0].update(file=s[1]["takes"][1]["file"]),
        lambda s: s[0]["takes"][0]["take"].update(seed=2**64),
        lambda s: s[0]["takes"][0]["take"].update(seed=-1),
        lambda s: s[0]["takes"][0]["take"].update(seconds=-1),
        lambda s: s[0]["takes"][0]["take"].update(fingerprint="g" * 64),
        lambda s: s[0]["takes"][0]["take"].pop("prompt"),
        lambda s: s[0].update(chosen_by={"one": "0" * 64}),
        lambda s: s[0].update(chosen_by={"one": None}),
        lambda s: s[0]["takes"][0].update(picked="yesterday"),
        lambda s: s[0]["takes"][0]["take"].update(place={"content": "a" * 64}),
        lambda s: s[0]["takes"][0]["take"].update(place={"content": "a", "continues": None, "follows": None}),
    ],
)
def test_damaged_segments(damage):
    document = json.loads(dump_manifest(FULL))
    damage(document["segments"])
    with pytest.raises(DamagedManifestError):
        parse_manifest(json.dumps(document).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[" * 100_000,
        b'{"format":' * 50_000,
        b"\xff",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":"\\ud800"}',
        dump_manifest(FULL)[:-40],
        dump_manifest(FULL) + b"x",
    ],
)
def test_what_is_no_manifest(data):
    with pytest.raises(DamagedManifestError):
        parse_manifest(data)


def test_a_manifest_that_windows_notepad_saved_with_a_byte_order_mark_is_read():
    assert parse_manifest(b"\xef\xbb\xbf" + dump_manifest(FULL)) == FULL


def test_a_newer_version_is_refused_by_its_number():
    document = json.loads(dump_manifest(FULL)) | {"version": 5, "segments": "in another form"}
    with pytest.raises(NewerManifestError, match="version 5; this Audio Loop reads up to 4"):
        parse_manifest(json.dumps(document).encode())


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=8,
)


def spots(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from spots(item, (*path, key))


SPOTS = list(spots(json.loads(dump_manifest(FULL))))


def with_spot(document, path, value):
    if not path:
        return value
    document[path[0]] = with_spot(document[path[0]], path[1:], value)
    return document


def has_float_for_integer(value):
    """JSON Schema takes 1.0 for an integer, and so does our own check not; leave those values out."""
    return isinstance(value, float) or (
        any(map(has_float_for_integer, value.values() if isinstance(value, dict) else value))
        if isinstance(value, (dict, list))
        else False
    )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SPOTS), JSON)
def test_the_own_check_agrees_with_a_schema_library(path, value):
    document = with_spot(json.loads(dump_manifest(FULL)), path, value)
    try:
        check_schema(document, MANIFEST_SCHEMA)
        ours = True
    except JsonSchemaError:
        ours = False
    theirs = jsonschema.Draft202012Validator(MANIFEST_SCHEMA).is_valid(document)
    assert ours == theirs or has_float_for_integer(value)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(MANIFEST_SCHEMA)


def test_rules_that_would_not_be_checked_cannot_be_written():
    with pytest.raises(AssertionError, match="minLength"):
        check_schema("x", {"type": "string", "minLength": 3})


@settings(deadline=None)
@given(st.integers(0, 999_999), st.integers(0, 2**64 - 1), st.integers(1, 9999))
def test_file_names_say_their_index(index, number, number_of_copy):
    assert index_of_file_name(segment_file_name(index, fingerprint(number), number_of_copy)) == index


@pytest.mark.parametrize(
    "name",
    ["segment_7_0123456789abcdef.safetensors", "segment_0007_0123456789abcdef.safetensors.tmp", "x", "manifest.json",
     "segment_0007_0123456789ABCDEF.safetensors", "segment_٠٠٠٧_0123456789abcdef.safetensors"],
)  # fmt: skip
def test_other_files_have_no_index(name):
    assert index_of_file_name(name) is None


def files(doomed):
    return [int(each.take.fingerprint[:16], 16) for _index, each in doomed]


def test_the_oldest_unchosen_takes_go_first():
    manifest = run((0, 1), (2, 3), (2, 4), (2, 5), (3, 2), (3, 6)).with_choice(2, fingerprint(3), locked=False)
    sizes = {each.file: 10 for window in manifest.windows for each in window.takes}
    assert files(superfluous_takes(manifest, sizes)) == []
    assert files(superfluous_takes(manifest, sizes, keep_takes=2)) == [4]
    assert sorted(files(superfluous_takes(manifest, sizes, keep_takes=1))) == [2, 4, 5]
    assert files(superfluous_takes(manifest, sizes, limit_bytes=60)) == []
    assert files(superfluous_takes(manifest, sizes, limit_bytes=45)) == [2, 4]
    assert files(superfluous_takes(manifest, sizes, limit_bytes=0)) == [2, 4, 5]
    assert files(superfluous_takes(manifest, sizes, keep_takes=2, limit_bytes=45)) == [4, 2]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=12),
    st.one_of(st.none(), st.integers(1, 4)),
    st.one_of(st.none(), st.integers(0, 150)),
)
def test_chosen_takes_always_stay(numbers, keep_takes, limit_bytes):
    manifest = run(*numbers)
    sizes = {each.file: 10 for window in manifest.windows for each in window.takes}
    doomed = superfluous_takes(manifest, sizes, keep_takes=keep_takes, limit_bytes=limit_bytes)
    left = manifest
    for index, each in doomed:
        assert each.take.fingerprint != manifest.window(index).chosen
        left = left.without_take(index, each.take.fingerprint)
    assert [window.chosen for window in left.windows] == [window.chosen for window in manifest.windows]
    if keep_takes is not None:
        assert all(len(window.takes) <= keep_takes for window in left.windows)
    if limit_bytes is not None:
        total = 10 * sum(len(window.takes) for window in left.windows)
        assert total <= limit_bytes or all(len(window.takes) == 1 for window in left.windows)


@pytest.mark.parametrize("limits", [{"keep_takes": 0}, {"limit_bytes": -1}])
def test_limits_out_of_range_are_refused(limits):
    with pytest.raises(ValueError, match=next(iter(limits))):
        superfluous_takes(FULL, {}, **limits)
