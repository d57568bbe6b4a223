"""A ComfyUI without something, against a pack that uses it: what is lost, and whether that stops anything."""

from __future__ import annotations

import json

import pytest

from audio_loop.compatibility import check, command
from audio_loop.compatibility.private import Private

PACK = {
    "nodes/a.py": "import comfy.utils\ncomfy.utils.ProgressBar(3, node_id='1')\n",
    "comfyui_internals/b.py": (
        'KEPT = Contact("kept", "it is slower")\nNEEDED = Contact("needed", "nothing works")\n'
        "from comfy.inside import kept, needed\nkept(1)\nneeded()\nKEPT.is_gone(1)\nraise NEEDED.refusal(2)\n"
    ),
}
COMFYUI = {
    "comfyui_version.py": '__version__ = "9.9.9"\n',
    "comfy/utils.py": "class ProgressBar:\n    def __init__(self, total, node_id=None): ...\n",
    "comfy/inside.py": "def kept(a): ...\ndef needed(): ...\nwish = 1\n",
}
ROWS = (
    Private("comfy.inside.kept", ("comfy.inside:kept",), "KEPT"),
    Private("comfy.inside.needed", ("comfy.inside:needed",), "NEEDED"),
    Private("wish", ("comfy.inside:wish",), loss="no wish", is_optional=True),
    Private(".free", ("comfy.old:free", "comfy.utils:ProgressBar.__init__"), loss="slower", goes_on=True),
)


@pytest.fixture
def ask(tmp_path, monkeypatch):
    monkeypatch.setattr(check, "PRIVATE", ROWS)
    monkeypatch.setattr(command, "PACK", tmp_path / "pack")

    def write(folder, files):
        for name, source in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source)
        return tmp_path / folder

    pack = write("pack", PACK)
    return lambda **changed: check.compatibility_of(
        write("9.9.9", {**COMFYUI, **{f"comfy/{name}.py": text for name, text in changed.items()}}), pack
    )


def lost(found):
    return [(each.symbol, each.state, each.stops) for each in found.lost()]


def test_all_of_it(ask):
    found = ask()
    assert (found.version, found.fits, lost(found)) == ("9.9.9", True, [])
    assert [each.symbol for each in found.findings] == ["comfy.utils.ProgressBar", *(row.symbol for row in ROWS)]
    assert [each.signature for each in found.findings] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("changed", "expected", "fits"),
    [
        ({"inside": "def needed(): ..."}, [("comfy.inside.kept", "missing", False)], True),
        ({"inside": "def kept(a, b): ...\ndef needed(): ..."}, [("comfy.inside.kept", "changed", False)], True),
        ({"inside": "def kept(a): ..."}, [("comfy.inside.needed", "missing", True)], False),
        (
            {"utils": "class ProgressBar:\n    def __init__(self, total): ..."},
            [("comfy.utils.ProgressBar", "changed", True)],
            False,
        ),
        ({"utils": "ProgressBar = None"}, [], True),  # a value: the text does not say what a call of it takes
    ],
)
def test_what_is_gone_or_changed(ask, changed, expected, fits):
    found = ask(**changed)
    assert [each for each in lost(found) if each[0] != ".free"] == expected
    assert found.fits is fits


def test_a_value_in_the_place_of_a_class_is_not_claimed_to_fit(ask):
    found = {each.symbol: each for each in ask(utils="ProgressBar = None").findings}
    assert "not told" in found["comfy.utils.ProgressBar"].why
    assert found[".free"].state == "untold"


def test_the_command_answers_in_words_as_json_and_by_its_code(ask, tmp_path, capsys):
    folder = tmp_path / "9.9.9"
    ask()
    assert command.main([str(folder)]) == 0
    assert "ComfyUI 9.9.9 fits: 5 symbols, 0 lost" in capsys.readouterr().out
    ask(inside="def kept(a): ...")
    assert command.main([str(folder)]) == 1
    assert "comfy.inside:needed: not there\n         without it: nothing works\n" in capsys.readouterr().out
    assert command.main([str(folder), "--json"]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert (answer["version"], answer["fits"], len(answer["findings"])) == ("9.9.9", False, 5)
    assert command.main([str(tmp_path)]) == 2
    assert "comfyui_version.py" in capsys.readouterr().err


def asked_of(ask, tmp_path, source, **changed):
    """What is found of the symbols in one more file of the pack."""
    (tmp_path / "pack" / "nodes" / "b.py").write_text(source)
    return {each.symbol: each for each in ask(**changed).findings}


def test_a_symbol_of_a_module_that_comfyui_does_not_have_is_missing_and_a_modules_file_is_there(ask, tmp_path):
    found = asked_of(ask, tmp_path, "import comfy.utils\nimport comfy_extras.odd\ncomfy_extras.odd.run(comfy.utils.__file__)\n")
    gone = found["comfy_extras.odd.run"]
    assert (gone.state, gone.why, gone.signature) == ("missing", "no such module", False)
    assert found["comfy.utils.__file__"].state == "there"


@pytest.mark.parametrize(
    ("theirs", "state", "why"),
    [("self, x", "there", ""), ("self, x, y", "changed", "is given x, y")],
    ids=["the same", "one more"],
)
def test_a_method_that_is_written_over_is_to_be_given_the_same(ask, tmp_path, theirs, state, why):
    source = "from comfy.base import Base\nclass Ours(Base):\n    def run(self, x): ...\n"
    found = asked_of(ask, tmp_path, source, base=f"class Base:\n    def run({theirs}): ...")["comfy.base.Base.run"]
    assert (found.state, found.why, found.signature) == (state, why, True)


def test_json_of_several_folders_is_a_list_and_docs_are_a_page(ask, tmp_path, capsys):
    ask()
    folder = str(tmp_path / "9.9.9")
    assert command.main([folder, folder, "--json"]) == 0
    assert [each["fits"] for each in json.loads(capsys.readouterr().out)] == [True, True]
    assert command.main([folder, "--docs", "2026-11-29"]) == 0
    page = capsys.readouterr().out
    assert "2026-11-29" in page
    assert "9.9.9" in page
