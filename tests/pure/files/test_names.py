import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from audio_loop.files.names import EMPTY_NAME, LONGEST_NAME_BYTES, UnsafeNameError, clean_name, clean_prefix, resolve_inside

NASTY = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("./\\: ~CONnul\0\n\u202e")), max_size=120)


@settings(deadline=None)
@given(NASTY)
@example("..")
@example("C:\\Windows")
@example("/etc/passwd")
@example("é" * 200)
@example(" . . ")
@example("con .txt")
@example("\ud800")
def test_a_clean_name_is_one_name_on_every_system(text):
    name = clean_name(text)
    assert 1 <= len(name.encode("utf-8")) <= LONGEST_NAME_BYTES
    assert not set(name) & set('<>:"/\\|?*\0')
    assert name not in (".", "..")
    assert name == name.strip()
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert name.partition(".")[0].strip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My Song", "My Song"),
        ("", EMPTY_NAME),
        ("...", EMPTY_NAME),
        ("a/b\\c", "a_b_c"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("NUL", "_NUL"),
        ("com1.txt", "_com1.txt"),
        ("COM¹", "_COM¹"),
        ("console", "console"),
        (".hidden", "hidden"),
        ("trailing. ", "trailing"),
        ("what?!", "what_!"),
        ("a\nb\tc", "a_b_c"),
        ("cafe\u0301", "caf\u00e9"),
        ("日本の歌", "日本の歌"),
        ("abc\u202egpj", "abc_gpj"),
    ],
)
def test_the_rule_by_example(text, expected):
    assert clean_name(text) == expected


def test_long_names_stay_distinct():
    first, second = clean_name("x" * 200 + "1"), clean_name("x" * 200 + "2")
    assert first != second
    assert first.startswith("xxx")
    assert len(clean_name("x" * LONGEST_NAME_BYTES)) == LONGEST_NAME_BYTES
    assert clean_name("x" * LONGEST_NAME_BYTES) == "x" * LONGEST_NAME_BYTES


def test_composed_and_decomposed_spelling_are_one_folder():
    word = "Ünïcödé"
    assert clean_name(unicodedata.normalize("NFD", word)) == clean_name(unicodedata.normalize("NFC", word))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("videos/my song", "videos/my song"),
        ("videos\\my song", "videos/my song"),
        ("a//b/./c", "a/b/c"),
        ("", EMPTY_NAME),
        ("videos/nul", "videos/_nul"),
        ("CON", "_CON"),
        ("two__lines\nhere", "two_lines_here"),
        ("my__song_v1.5", "my__song_v1.5"),
        ("x" * 200, "x" * 200),
        (".hidden/ name ", "hidden/name"),
        ("12:30", "12_30"),
    ],
)
def test_prefixes_keep_their_folders(text, expected):
    assert clean_prefix(text) == expected


@pytest.mark.parametrize("text", ["/etc/x", "\\\\server\\share\\x", "C:\\x", "c:x", "../x", "a/../../x", "a/.. /b", "\\x"])
def test_prefixes_that_leave_the_folder_are_refused_with_one_that_works(text):
    with pytest.raises(UnsafeNameError) as refused:
        clean_prefix(text)
    assert repr(text) in str(refused.value)


@settings(deadline=None)
@given(NASTY)
def test_no_prefix_leaves_the_root(tmp_path_factory, text):
    root = tmp_path_factory.getbasetemp()
    try:
        inside = resolve_inside(root, clean_prefix(text))
    except UnsafeNameError:
        return
    assert inside.is_relative_to(root.resolve())
    assert inside != root.resolve()


@settings(deadline=None)
@given(NASTY)
def test_whatever_is_resolved_lies_inside(tmp_path_factory, text):
    root = tmp_path_factory.getbasetemp()
    try:
        inside = resolve_inside(root, text)
    except (UnsafeNameError, UnicodeEncodeError):
        return
    assert inside.is_relative_to(root.resolve())


def test_links_are_followed_before_the_answer(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (root / "real").mkdir()
    (root / "way_out").symlink_to(outside)
    (root / "alias").symlink_to(root / "real")
    (root / "loop").symlink_to(root / "loop")
    for unsafe in ("way_out", "way_out/x", "../outside", ".", "", "a\0b", str(outside)):
        with pytest.raises(UnsafeNameError):
            resolve_inside(root, unsafe)
    assert resolve_inside(root, "alias/x") == (root / "real" / "x").resolve()
    (tmp_path / "root_alias").symlink_to(root)
    assert resolve_inside(tmp_path / "root_alias", "real") == (root / "real").resolve()
