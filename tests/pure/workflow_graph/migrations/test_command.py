"""The scripts and `migrate` from an uninstalled clone, and what they do with bad input."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.command_line import main as workflow_graph
from audio_loop.workflow_graph.migrations import chain, command
from audio_loop.workflow_graph.migrations.steps import ltx_decoder, sage_mode

SCRIPTS = {
    "apply_ltx_decoder": "ltx_decoder",
    "apply_batch_encode_fix": "batch_encode",
    "apply_iterations_autowire": "iterations_autowire",
    "apply_loop_guide_preprocess_symmetry": "loop_guide_preprocess_symmetry",
    "apply_loop_cropguides_symmetry": "loop_cropguides_symmetry",
    "apply_purge_vram": "purge_vram",
    "apply_sage_mode": "sage_mode",
    "apply_profiling_nodes": "profiling_nodes",
}


def _snapshot(folder):
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_runs_with_a_plain_python_and_changes_its_file(kit, tmp_path, script):
    path = tmp_path / "a.json"
    documents.save(kit.april(), path)
    done = subprocess.run(
        [sys.executable, "-S", str(REPOSITORY / "scripts" / f"{script}.py"), str(path)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert documents.load(path)["extra"]["audio_loop"]["applied"] == [SCRIPTS[script]]


def test_without_a_name_nothing_is_written(capsys):
    before = _snapshot(command.EXAMPLES)
    assert command.main(sage_mode.migration, []) == 2
    said = capsys.readouterr().out
    assert command.main(sage_mode.migration, ["--revert"]) == 2
    assert _snapshot(command.EXAMPLES) == before
    first = said.splitlines()[0]
    assert "no file is named: this only shows" in first
    assert first.endswith(" FILE")


@pytest.mark.parametrize("script", ["apply_profiling_nodes.py", "modernize_workflow.py"])
def test_a_command_without_a_file_names_itself_in_its_first_line(script):
    call = [sys.executable, "-S", str(REPOSITORY / "scripts" / script)]
    done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"python scripts/{script} FILE" in done.stdout.splitlines()[0]


def test_dry_run_shows_the_changes_and_writes_nothing(kit, tmp_path, capsys):
    path = tmp_path / "a.json"
    documents.save(kit.april(), path)
    before = _snapshot(tmp_path)
    assert command.main(ltx_decoder.migration, [str(path), "--dry-run"]) == 0
    assert _snapshot(tmp_path) == before
    assert "VAEDecodeTiled" in capsys.readouterr().out


def test_output_leaves_the_file_and_is_not_overwritten(kit, tmp_path):
    path, other = tmp_path / "a.json", tmp_path / "b.json"
    documents.save(kit.april(), path)
    before = path.read_bytes()
    assert command.main(ltx_decoder.migration, [str(path), "-o", str(other)]) == 0
    first = other.read_bytes()
    assert command.main(sage_mode.migration, [str(path), "-o", str(other)]) == 2
    assert (path.read_bytes(), other.read_bytes()) == (before, first)
    assert command.main(sage_mode.migration, [str(path), "-o", str(other), "--force"]) == 0
    assert other.read_bytes() != first
    assert command.main(sage_mode.migration, [str(path), str(path), "-o", str(other)]) == 2


def test_the_chain_and_back(kit, tmp_path, capsys):
    path = tmp_path / "a.json"
    path.write_bytes(json.dumps(kit.april()).encode())
    before = path.read_bytes()
    assert workflow_graph(["migrate", str(path)]) == 0
    assert documents.load(path)["extra"]["audio_loop"]["revision"] == chain.head()
    assert "iterations_in" in capsys.readouterr().out
    assert workflow_graph(["migrate", str(path)]) == 0
    assert workflow_graph(["migrate", "--revert", str(path)]) == 0
    assert path.read_bytes() == before
    assert workflow_graph(["migrate", "--revert", str(path)]) == 0
    assert "nothing to take back" in capsys.readouterr().out


def test_a_dry_run_with_an_output_writes_neither_file(kit, tmp_path, capsys):
    path, other = tmp_path / "a.json", tmp_path / "b.json"
    documents.save(kit.april(), path)
    before = _snapshot(tmp_path)
    assert command.main(ltx_decoder.migration, [str(path), "-o", str(other), "--dry-run"]) == 0
    assert _snapshot(tmp_path) == before
    assert f"{path}: would go to {other} (ltx_decoder)" in capsys.readouterr().out


def test_a_step_that_only_the_earlier_bytes_take_back_waits_for_the_later_ones(kit, tmp_path, capsys):
    path = tmp_path / "a.json"
    documents.save(kit.april(), path)
    assert workflow_graph(["migrate", str(path)]) == 0
    assert command.main(ltx_decoder.migration, [str(path)]) == 0
    now = path.read_bytes()
    assert workflow_graph(["migrate", "--revert", str(path)]) == 1
    assert "ltx_decoder was made after migrate; take that back first" in capsys.readouterr().err
    assert path.read_bytes() == now


def test_the_warning_is_said(kit, tmp_path, capsys):
    path = tmp_path / "a.json"
    documents.save(kit.sound(), path)
    assert command.main(chain.find("loop_cropguides_symmetry"), [str(path), "--dry-run"]) == 0
    assert "steers every window to end on it" in " ".join(capsys.readouterr().err.split())


BAD = {
    "truncated": (b'{"nodes": [{"id": 1, ', "truncated"),
    "api form": (b'{"1": {"class_type": "X", "inputs": {}}}', "API prompt"),
    "empty": (b"", "empty"),
    "not text": (b"\xff\xfe\x00", "UTF-8"),
    "nan": (b'{"nodes": [], "links": [], "x": NaN}', "nan"),
    "a list": (b"[]", "list"),
    "something else": (b'{"a": 1}', "neither"),
    "node without type": (b'{"nodes": [{"id": 1}], "links": []}', "nodes[0]"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_and_left_alone(tmp_path, name, capsys):
    data, said = BAD[name]
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    for migration in (None, *chain.all_migrations()):
        options = ["migrate", str(path)] if migration is None else [str(path)]
        status = workflow_graph(options) if migration is None else command.main(migration, options)
        assert status == 2
        assert said in capsys.readouterr().err
    assert _snapshot(tmp_path) == {path: data}


def test_one_bad_file_does_not_keep_the_others_from_their_turn(kit, tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    documents.save(kit.april(), good)
    bad.write_bytes(b"{")
    assert command.main(ltx_decoder.migration, [str(bad), str(good)]) == 2
    assert documents.load(good)["extra"]["audio_loop"]["applied"] == ["ltx_decoder"]


def test_damaged_graphs_end_in_a_message_never_in_a_traceback(kit):
    """Values of the wrong kind in any place: each migration makes its change or refuses."""
    text = documents.dumps(kit.april()).decode()
    random_source = random.Random(7)
    junk = ["null", "true", "-1", "1e300", '"x"', "[]", "{}", "[[]]", '{"id": 1}']
    refused = 0
    for _ in range(25):
        document = json.loads(text)
        for _ in range(random_source.randint(1, 6)):
            place = document
            while isinstance(place, (dict, list)) and place:
                key = random_source.choice(list(place) if isinstance(place, dict) else range(len(place)))
                if random_source.random() < 0.25 or not isinstance(place[key], (dict, list)) or not place[key]:
                    place[key] = json.loads(random_source.choice(junk))
                    break
                place = place[key]
        migration = random_source.choice(chain.all_migrations())
        try:
            documents.dumps(chain.apply(document, migration).document)
            documents.dumps(chain.migrate(document).document)
        except (documents.DocumentError, ValueError):
            refused += 1
    assert refused < 25
