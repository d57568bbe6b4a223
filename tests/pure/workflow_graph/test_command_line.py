from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.building.builder import WorkflowBuilder
from audio_loop.workflow_graph.command_line import main
from audio_loop.workflow_graph.diff import diff
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.node_format import MUTED
from audio_loop.workflow_graph.show import show


def base() -> dict:
    b = WorkflowBuilder("command-line")
    model = b.node("CheckpointLoaderSimple", id=4, role="model", ckpt_name="a.safetensors")
    text = b.node("CLIPTextEncode", id=6, title="Prompt", clip=model.out("CLIP"), text="x" * 300)
    inside = b.subgraph("inside")
    zero = inside.node("ConditioningZeroOut", id=20, conditioning=inside.input("text", "CONDITIONING"))
    inside.output("zero", zero.out())
    placed = inside.place(id=7, text=text.out())
    noise = b.node("RandomNoise", id=8, noise_seed=5)
    b.node("CFGGuider", id=9, model=model.out("MODEL"), positive=text.out(), negative=placed.out(), cfg=1.0, node_mode=MUTED)
    b.note("unseen")
    assert noise.id == 8
    return b.workflow()


SHOWN = """\
4 CheckpointLoaderSimple [model]
    ckpt_name = "a.safetensors"
8 RandomNoise
    noise_seed = 5
    control_after_generate = "fixed"
6 CLIPTextEncode 'Prompt'
    clip <- 4.CLIP
    text = "xxxxxxxxxxxxxxxxxx… (302 characters)
7 subgraph 'inside'
    text <- 6.CONDITIONING
9 CFGGuider (muted)
    model <- 4.MODEL
    positive <- 6.CONDITIONING
    negative <- 7.zero
    cfg = 1.0

subgraph 'inside': (text CONDITIONING) -> (zero CONDITIONING)
20 ConditioningZeroOut
    conditioning <- input text
output zero <- 20.CONDITIONING
"""


def test_to_api_says_what_no_snapshot_knows_beside_the_prompt(tmp_path, capsysbinary) -> None:
    doc = base()
    next(node for node in doc["nodes"] if node["id"] == 9).update(type="SomebodysGuider", mode=0)
    path = tmp_path / "theirs.json"
    document.save(doc, path)
    assert main(["to-api", str(path)]) == 0
    said = capsysbinary.readouterr()
    assert said.err.startswith(b"note: ")
    assert b"SomebodysGuider" in said.err
    assert document.loads(said.out) == to_api(doc)


def test_diff_names_a_link_that_does_not_exist() -> None:
    broken = base()
    next(node for node in broken["nodes"] if node["id"] == 6)["inputs"][0]["link"] = 4711
    (change,) = diff(base(), broken)
    assert (change.field, change.old, change.new) == ("clip", "<- 4.CLIP", "a link that does not exist")


def test_show() -> None:
    assert show(base(), width=20) == SHOWN


def test_show_a_prompt() -> None:
    text = show(to_api(base()), width=20)
    assert "7:20 ConditioningZeroOut 'Conditioning Zero Out'\n" in text
    assert "    conditioning <- 6.0\n" in text
    assert "    noise_seed = 5\n" in text


def test_diff_ignores_what_means_nothing() -> None:
    one, two = base(), base()
    two["nodes"].reverse()
    for entry in two["nodes"]:
        entry["pos"] = [9, 9]
        entry["order"] = 0
    renumbered = {link[0]: link[0] + 100 for link in two["links"]}
    for link in two["links"]:
        link[0] = renumbered[link[0]]
    for entry in two["nodes"]:
        for slot in entry["inputs"]:
            slot["link"] = renumbered.get(slot["link"])
        for slot in entry["outputs"]:
            slot["links"] = [renumbered[i] for i in slot["links"]]
    assert diff(one, two) == ()
    assert document.dumps(one) != document.dumps(two)


def changes(edit) -> list[str]:
    graph = Graph(base())
    edit(graph)
    return [str(change) for change in diff(base(), graph.to_document())]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda g: g.node(8).widgets.update(noise_seed=6), ["~ 8 RandomNoise.noise_seed: 5 -> 6"]),
        (lambda g: g.bypass(g.node(20)), ["~ inside/20 ConditioningZeroOut.mode: 0 -> 4"]),
        (lambda g: g.disconnect(g.node(9).input("model")), ["- 9 CFGGuider.model = <- 4.MODEL"]),
        (
            lambda g: g.connect(g.node(6).output(), g.node(9).input("negative")),
            ["~ 9 CFGGuider.negative: <- 7.zero -> <- 6.CONDITIONING"],
        ),
        (lambda g: g.add("VAEDecode", id=99), ["+ 99 VAEDecode"]),
        (lambda g: g.remove(g.node(8)), ["- 8 RandomNoise"]),
        (
            lambda g: g.add_input(g.subgraph("inside"), "more", "INT"),
            ['~ inside.inputs: ["text CONDITIONING"] -> ["text CONDITIONING", "more INT"]'],
        ),
    ],
)
def test_diff(edit, expected: list[str]) -> None:
    assert changes(edit) == expected


def test_diff_of_prompts_and_of_different_kinds() -> None:
    prompt = to_api(base())
    other = document.clone(prompt)
    other["8"]["inputs"]["noise_seed"] = 6
    assert [str(change) for change in diff(prompt, other)] == ["~ 8 RandomNoise.noise_seed: 5 -> 6"]
    with pytest.raises(ValueError, match="to-api first"):
        diff(base(), prompt)


def loop() -> Graph:
    b = WorkflowBuilder("names")
    b.node("TensorLoopOpen", id=1, inputs={"mode": "iterations", "mode.iterations": 5})
    b.node("DualCLIPLoader", id=2, clip_name1="a", clip_name2="b", type="ltxv")
    return Graph(b.workflow())


def test_diff_keeps_a_nodes_mode_and_type_apart_from_inputs_of_that_name() -> None:
    changed = loop()
    changed.bypass(changed.node(1))
    changed.node(1).widgets.update(mode="total_frames")
    found = [str(change) for change in diff(loop().to_document(), changed.to_document())]
    assert "~ 1 TensorLoopOpen.mode: 0 -> 4" in found
    assert '~ 1 TensorLoopOpen.mode (input): "iterations" -> "total_frames"' in found
    old, new = ({"2": {"class_type": "DualCLIPLoader", "inputs": {"type": kind}}} for kind in ("ltxv", "flux"))
    assert [str(change) for change in diff(old, new)] == ['~ 2 DualCLIPLoader.type (input): "ltxv" -> "flux"']


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return document.save(base(), tmp_path / "graph.json")


def test_commands(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["show", str(file)]) == 0
    assert "4 CheckpointLoaderSimple [model]" in capsys.readouterr().out
    assert main(["check", str(file)]) == 0
    assert main(["diff", str(file), str(file)]) == 0
    assert main(["to-api", str(file)]) == 0
    assert document.loads(capsys.readouterr().out) == to_api(base())
    out = tmp_path / "api.json"
    assert main(["to-api", str(file), "-o", str(out)]) == 0
    assert main(["to-api", str(file), "-o", str(out)]) == 2
    assert main(["to-api", str(file), "-o", str(out), "--force"]) == 0
    assert document.load(out) == to_api(base())


def test_fmt(file: Path, capsys: pytest.CaptureFixture) -> None:
    canonical = file.read_bytes()
    assert main(["fmt", "--check", str(file)]) == 0
    file.write_bytes(canonical.replace(b"\n", b"").replace(b"  ", b""))
    squeezed = file.read_bytes()
    assert main(["fmt", "--check", str(file)]) == 1
    assert file.read_bytes() == squeezed
    assert main(["fmt", str(file)]) == 0
    assert file.read_bytes() == canonical
    assert capsys.readouterr().out.count(str(file)) == 2


def test_repair_command(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    doc = document.load(file)
    doc["nodes"][0]["outputs"][0]["links"].append(4711)
    document.save(doc, file, replace=True)
    broken = file.read_bytes()
    assert main(["check", str(file)]) == 1
    assert main(["repair", str(file)]) == 0
    assert "4711" in capsys.readouterr().out
    assert file.read_bytes() == broken
    assert main(["repair", str(file), "-o", str(tmp_path / "mended.json")]) == 0
    assert main(["check", str(tmp_path / "mended.json")]) == 0


BAD = {
    "truncated": (b'{"nodes": [{"id": 1', "truncated"),
    "empty": (b"", "empty"),
    "prompt": (b'{"1": {"class_type": "KSampler", "inputs": {}}}', "API prompt"),
    "other": (b'{"a": 1}', "neither"),
    "nan": (b'{"nodes": [NaN]}', "nan at nodes[0]"),
    "no id": (b'{"nodes": [{"type": "KSampler"}], "links": []}', "id"),
    "node is text": (b'{"nodes": ["KSampler"], "links": []}', "node was expected"),
    "double ids": (b'{"nodes": [{"id": 1, "type": "A"}, {"id": "1", "type": "A"}], "links": []}', "second node"),
    "odd links": (b'{"nodes": [], "links": [[1, 2]]}', "no link"),
}


@pytest.mark.parametrize(("data", "said"), BAD.values(), ids=BAD.keys())
def test_bad_files_are_a_line_and_a_status(data: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    for command in (["to-api", str(path)], ["check", str(path)], ["repair", str(path)]):
        status = main(command)
        captured = capsys.readouterr()
        assert status in (1, 2) or (command[0] == "repair" and "link" in captured.out)
        if command[0] == "to-api":
            assert said in captured.err
            assert captured.err.count("\n") == 1
    assert path.read_bytes() == data


def test_one_bad_file_does_not_stop_the_others(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    bad = tmp_path / "a-bad.json"
    bad.write_bytes(b"[")
    squeezed = tmp_path / "b.json"
    squeezed.write_bytes(file.read_bytes().replace(b"\n", b""))
    assert main(["fmt", str(bad), str(squeezed)]) == 2
    assert squeezed.read_bytes() == file.read_bytes()
    assert "a-bad.json" in capsys.readouterr().err


def test_it_needs_the_standard_library_only(file: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    code = (
        f"import sys; sys.path.insert(0, {str(root / 'scripts')!r}); import _bootstrap;"
        "from audio_loop.workflow_graph.command_line import main;"
        f"status = main(['check', {str(file)!r}]);"
        "assert 'torch' not in sys.modules and 'numpy' not in sys.modules; sys.exit(status)"
    )
    assert subprocess.run([sys.executable, "-I", "-S", "-c", code], check=False).returncode == 0
