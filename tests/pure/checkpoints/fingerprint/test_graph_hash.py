import json
import os
import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.checkpoints.errors import FingerprintRefusedError
from audio_loop.checkpoints.fingerprint.graph_hash import hash_graph, upstream_nodes
from audio_loop.checkpoints.fingerprint.graph_rules import Code, Constant, GraphRules, Unproven
from audio_loop.checkpoints.fingerprint.named_files import NamedFiles


def graph():
    """Loader -> LoRA -> guider; text and an audio window come in by value; sampler makes the latent."""
    return {
        "1": {"class_type": "Loader", "inputs": {"ckpt_name": "ltx.safetensors"}, "_meta": {"title": "Model"}},
        "2": {"class_type": "Lora", "inputs": {"model": ["1", 0], "lora_name": "style.safetensors", "strength": 0.8}},
        "3": {"class_type": "Encode", "inputs": {"text": "a singer", "clip": ["1", 1]}},
        "4": {"class_type": "Guider", "inputs": {"model": ["2", 0], "positive": ["3", 0], "cfg": 1}},
        "5": {"class_type": "Sigmas", "inputs": {"sigmas": "1.0, 0.5, 0"}},
        "6": {"class_type": "Open", "inputs": {"token": "run-17"}},
        "7": {
            "class_type": "Sampler",
            "inputs": {"guider": ["4", 0], "sigmas": ["5", 0], "latent": ["6", 1], "name": "euler", "add_noise": True},
        },
    }


CUT = {("3", 0): "conditioning", ("6", 1): "previous"}


def digest(nodes, target=("7", 0), cut=CUT, rules=None, hash_file=None):
    return hash_graph(nodes.__getitem__, target, cut=cut, rules=rules, hash_file=hash_file or (lambda path: b"")).whole


def changed(node, name, value):
    nodes = graph()
    nodes[node]["inputs"][name] = value
    return nodes


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_ids_order_titles_and_positions_do_not_count(rng):
    nodes = graph()
    new_ids = {node_id: f"{rng.randrange(10**6)}.{node_id}" for node_id in nodes}

    def rename(value):
        return [new_ids[value[0]], value[1]] if isinstance(value, list) else value

    items = [
        (
            new_ids[node_id],
            {
                "_meta": {"title": rng.random()},
                "pos": [rng.random(), 0],
                "inputs": dict(rng.sample([(k, rename(v)) for k, v in node["inputs"].items()], len(node["inputs"]))),
                "class_type": node["class_type"],
            },
        )
        for node_id, node in nodes.items()
    ]
    rng.shuffle(items)
    cut = {(new_ids[node_id], slot): name for (node_id, slot), name in CUT.items()}
    assert digest(dict(items), (new_ids["7"], 0), cut) == digest(graph())


@pytest.mark.parametrize(
    ("node", "name", "value"),
    [
        ("1", "ckpt_name", "other.safetensors"),
        ("2", "strength", 0.7),
        ("2", "lora_name", "none"),
        ("4", "cfg", 1.5),
        ("5", "sigmas", "1.0, 0.6, 0"),
        ("7", "name", "euler_ancestral"),
        ("7", "add_noise", False),
        ("4", "model", ["1", 0]),
        ("4", "model", ["2", 1]),
        ("4", "negative", ["3", 0]),
        ("7", "new_input", None),
    ],
)
def test_every_literal_and_every_wire_counts(node, name, value):
    assert digest(changed(node, name, value)) != digest(graph())


def test_class_types_count():
    nodes = graph()
    nodes["7"]["class_type"] = "SamplerAdvanced"
    assert digest(nodes) != digest(graph())


def test_what_lies_behind_a_hashed_value_does_not_count():
    assert digest(changed("3", "text", "a drummer")) == digest(graph())
    assert digest(changed("6", "token", "run-18")) == digest(graph())
    uncut = {("6", 1): "previous"}
    assert digest(changed("3", "text", "a drummer"), cut=uncut) != digest(graph(), cut=uncut)


def test_cut_values_cannot_change_places():
    swapped = {("3", 0): "previous", ("6", 1): "conditioning"}
    assert digest(graph(), cut=swapped) != digest(graph())


def test_another_output_of_a_cut_node_is_followed():
    nodes = changed("7", "count", ["6", 3])
    assert digest(nodes) != digest(graph())
    nodes_of_another_run = changed("7", "count", ["6", 3])
    nodes_of_another_run["6"]["inputs"]["token"] = "run-18"
    assert digest(nodes) != digest(nodes_of_another_run)
    rules = GraphRules(ignore=lambda class_type, name: (class_type, name) == ("Open", "token"))
    assert digest(nodes, rules=rules) == digest(nodes_of_another_run, rules=rules)


def test_one_is_one_point_zero_as_browsers_send_it():
    assert digest(changed("4", "cfg", 1.0)) == digest(graph())


def test_a_target_that_is_itself_cut():
    assert digest(graph(), target=("6", 1)) == digest({"6": graph()["6"]}, target=("6", 1), cut={("6", 1): "previous"})


def test_shared_and_diamond_nodes_cost_linear_time():
    depth = 5_000
    nodes = {"0": {"class_type": "Start", "inputs": {}}}
    for i in range(1, depth):
        nodes[str(i)] = {"class_type": "Blend", "inputs": {"a": [str(i - 1), 0], "b": [str(i - 1), 1]}}
    calls = []

    def get_node(node_id):
        calls.append(node_id)
        return nodes[node_id]

    started = time.perf_counter()
    hash_graph(get_node, (str(depth - 1), 0), cut={}, hash_file=lambda path: b"")
    assert len(calls) == depth
    assert time.perf_counter() - started < 20


@pytest.mark.parametrize("loop", [["7", 0], ["4", 0]])
def test_cycles_are_refused(loop):
    with pytest.raises(FingerprintRefusedError, match="cycle"):
        digest(changed("1", "again", loop))


def test_missing_nodes_are_refused():
    with pytest.raises(FingerprintRefusedError, match="node 99"):
        digest(changed("4", "model", ["99", 0]))


def test_values_without_content_are_refused_with_their_place():
    with pytest.raises(FingerprintRefusedError, match=r"Guider\.cfg"):
        digest(changed("4", "cfg", object()))


def in_folder(folder):
    """Every input that ends with `_name` names a file in this folder."""
    return lambda class_type, name, value: NamedFiles((folder / value,) if name.endswith("_name") else ())


def test_files_count_by_content_and_not_by_name(tmp_path):
    def run(content, name="style.safetensors"):
        rules = GraphRules(find_files=in_folder(tmp_path))
        return hash_graph(
            changed("2", "lora_name", name).__getitem__,
            ("7", 0),
            cut=CUT,
            rules=rules,
            hash_file=lambda path: content.get(path.name, b"model"),
        )

    before = run({"style.safetensors": b"one"})
    assert run({"style.safetensors": b"one"}) == before
    assert run({"style.safetensors": b"two"}).whole != before.whole
    assert run({"renamed.safetensors": b"one"}, "renamed.safetensors") == before
    assert run({"in a folder": b"one"}, "in a folder") == before
    assert set(before.files) == {"Loader.ckpt_name", "Lora.lora_name"}
    assert "Lora.lora_name" not in before.literals
    other = run({"style.safetensors": b"two"})
    assert other.wiring == before.wiring
    assert {name for name in before.files if before.files[name] != other.files[name]} == {"Lora.lora_name"}


def test_a_file_that_cannot_be_read_is_refused():
    def fail(path):
        raise FileNotFoundError(path)

    rules = GraphRules(find_files=in_folder(Path("/nowhere")))
    with pytest.raises(FingerprintRefusedError, match=r"Loader\.ckpt_name names the file"):
        digest(graph(), rules=rules, hash_file=fail)


def redirecting(class_type, inputs, slot):
    if class_type == "Purge":
        return tuple(inputs["latent"])
    if class_type == "Number":
        return Constant(slot)
    return None


def test_nodes_that_only_hand_on_do_not_count():
    rules = GraphRules(redirect=redirecting)
    nodes = graph()
    nodes["8"] = {"class_type": "Purge", "inputs": {"latent": ["6", 1], "mode": "all"}}
    nodes["9"] = {"class_type": "Purge", "inputs": {"latent": ["8", 0]}}
    nodes["7"]["inputs"]["latent"] = ["9", 0]
    assert digest(nodes, rules=rules) == digest(graph(), rules=rules)
    cut_behind = {("3", 0): "conditioning", ("9", 0): "previous"}
    assert digest(nodes, cut=cut_behind, rules=rules) == digest(graph(), rules=rules)
    nodes["8"]["inputs"]["latent"] = ["9", 0]
    with pytest.raises(FingerprintRefusedError, match="cycle"):
        digest(nodes, rules=rules)


def test_known_outputs_count_by_value():
    rules = GraphRules(redirect=redirecting)
    nodes = changed("7", "iteration", ["8", 3])
    nodes["8"] = {"class_type": "Number", "inputs": {"state": object()}}
    later = changed("7", "iteration", ["8", 4])
    later["8"] = nodes["8"]
    assert digest(nodes, rules=rules) != digest(later, rules=rules)
    assert digest(nodes, target=("8", 1), rules=rules) != digest(nodes, target=("8", 2), rules=rules)


def test_settings_are_told_apart_by_name():
    first = hash_graph(graph().__getitem__, ("7", 0), cut=CUT, hash_file=lambda path: b"")
    second = hash_graph(changed("2", "strength", 0.5).__getitem__, ("7", 0), cut=CUT, hash_file=lambda path: b"")
    assert {name for name in first.literals if first.literals[name] != second.literals[name]} == {"Lora.strength"}
    assert first.wiring == second.wiring


def test_random_graphs_hash_the_same_after_renumbering():
    rng = random.Random(7)
    for _ in range(30):
        size = rng.randrange(2, 25)
        nodes = {}
        for i in range(size):
            inputs = {f"in{k}": [str(rng.randrange(i)), rng.randrange(3)] for k in range(rng.randrange(3)) if i}
            inputs["value"] = rng.randrange(3)
            nodes[str(i)] = {"class_type": rng.choice("ABC"), "inputs": inputs}
        renumbered = {
            f"n{size - int(node_id)}": {
                "class_type": node["class_type"],
                "inputs": {
                    key: [f"n{size - int(value[0])}", value[1]] if isinstance(value, list) else value
                    for key, value in node["inputs"].items()
                },
            }
            for node_id, node in nodes.items()
        }
        assert digest(nodes, (str(size - 1), 0), {}) == digest(renumbered, ("n1", 0), {})


def test_files_in_values_with_an_inside(tmp_path):
    rules = GraphRules(find_files=lambda class_type, name, value: NamedFiles((tmp_path / value,) if "." in value else ()))

    def run(value, content=b"one"):
        (tmp_path / "face.png").write_bytes(content)
        nodes = changed("4", "cfg", value)
        return digest(nodes, rules=rules, hash_file=lambda path: path.read_bytes() if path.exists() else b"model")

    stack = {"on": True, "pictures": [{"image": "face.png", "at": 1.5}]}
    assert run(stack) == run(json.loads(json.dumps(stack)))
    assert run(stack) != run(stack, b"two")
    assert run(stack) != run({**stack, "on": False})


def test_a_folder_counts_with_all_that_lies_in_it(tmp_path):
    (tmp_path / "set" / "deep").mkdir(parents=True)
    rules = GraphRules(find_files=in_folder(tmp_path))

    def run(files):
        for path in (tmp_path / "set").rglob("*.*"):
            path.unlink()
        for name, content in files.items():
            (tmp_path / "set" / name).write_bytes(content)
        nodes = changed("2", "lora_name", "set")
        nodes["1"]["inputs"]["ckpt_name"] = "set"
        return digest(nodes, rules=rules, hash_file=Path.read_bytes)

    before = run({"a.png": b"1", "deep/b.png": b"2"})
    assert run({"a.png": b"1", "deep/b.png": b"2"}) == before
    assert run({"a.png": b"1", "deep/b.png": b"2", ".cache.png": b"3"}) == before
    others = [{"a.png": b"1"}, {"a.png": b"2", "deep/b.png": b"1"}, {"a.png": b"1", "deep/c.png": b"2"}]
    assert before not in [run(each) for each in others]


def hashed(nodes, **more):
    return hash_graph(nodes.__getitem__, ("7", 0), cut=CUT, hash_file=lambda path: b"", **more)


def test_what_a_node_says_about_a_change_counts():
    before = hashed(graph(), changes={"2": ["today"]})
    assert hashed(graph(), changes={"2": ["today"]}) == before
    assert hashed(graph(), changes={"2": ["tomorrow"]}).whole != before.whole
    assert hashed(graph()).whole != before.whole
    assert set(before.changes) == {"Lora"}
    assert before.unproven == frozenset()


@pytest.mark.parametrize("said", [float("nan"), [float("nan")], {"a": [1, (float("nan"),)]}, [object()]])
def test_a_node_that_always_changes_is_never_proved_equal(said):
    found = hashed(graph(), changes={"2": said}).unproven
    assert found == {Unproven("Lora says that it gives something else at every run", holds_in_session=False)}


def test_the_time_of_a_hashed_file_says_nothing_more(tmp_path):
    model = tmp_path / "style.safetensors"
    model.write_bytes(b"one")
    (tmp_path / "ltx.safetensors").write_bytes(b"two")
    rules = GraphRules(find_files=in_folder(tmp_path))

    def run():
        return hashed(graph(), rules=rules, changes={"2": [model.stat().st_mtime]})

    before = run()
    os.utime(model, (1000, 1000))
    assert run() == before
    assert hashed(graph(), rules=rules, changes={"2": [1001.0]}) != before


def test_a_name_without_a_file_holds_for_the_session_only():
    rules = GraphRules(find_files=lambda class_type, name, value: NamedFiles(missing=name == "lora_name"))
    reason = "Lora.lora_name seems to name a file, but there is no style.safetensors"
    assert hashed(graph(), rules=rules).unproven == {Unproven(reason, holds_in_session=True)}


def test_a_file_that_comfyui_may_hold_in_another_state(tmp_path):
    for name in ("ltx.safetensors", "style.safetensors"):
        (tmp_path / name).write_bytes(b"")
    asked = []

    def may_be_another(path, loaded_for):
        asked.append((path.name, loaded_for))
        return path.name == "style.safetensors"

    rules = GraphRules(find_files=in_folder(tmp_path), may_be_another=may_be_another)
    (found,) = hashed(graph(), rules=rules).unproven
    assert "style.safetensors was replaced while ComfyUI was running" in found.reason
    assert not found.holds_in_session
    assert sorted(asked) == [("ltx.safetensors", b""), ("style.safetensors", b"")]
    hashed(graph(), rules=rules, changes={"2": ["a word"]})
    assert dict(asked)["style.safetensors"] != b""


def test_the_code_behind_a_node_counts():
    def run(digest, doubt=""):
        pack = Code("a pack", digest, doubt)
        return hashed(graph(), rules=GraphRules(code=lambda class_type: pack if class_type == "Lora" else None))

    assert run(b"1").code == {"a pack": b"1"}
    assert run(b"1") != run(b"2")
    assert run(b"1").unproven == frozenset()
    assert run(b"1", "changed").unproven == {Unproven("changed", holds_in_session=True)}


def test_the_nodes_that_are_asked_about_changes_are_those_that_are_hashed():
    def look(nodes, cut=CUT):
        return set(upstream_nodes(nodes.__getitem__, ("7", 0), cut=cut, rules=GraphRules(redirect=redirecting)))

    assert look(graph()) == {"1", "2", "4", "5", "7"}
    assert look(graph(), {}) == set(graph())
    nodes = graph()
    nodes["8"] = {"class_type": "Purge", "inputs": {"latent": ["6", 1]}}
    nodes["7"]["inputs"]["latent"] = ["8", 0]
    assert look(nodes) == {"1", "2", "4", "5", "7"}


def test_a_files_name_that_other_nodes_put_together(tmp_path):
    (tmp_path / "style.safetensors").write_bytes(b"")
    rules = GraphRules(
        find_files=lambda class_type, name, value: NamedFiles((tmp_path / value,) if value == "style.safetensors" else ()),
        takes_file=lambda class_type, name: name == "lora_name",
    )

    def reasons(source, nodes=(), cut=()):
        changed_graph = changed("2", "lora_name", source) | dict(nodes)
        cuts = CUT | dict.fromkeys(cut, "name")
        found = hash_graph(changed_graph.__getitem__, ("7", 0), cut=cuts, rules=rules, hash_file=lambda path: b"")
        return [each.reason for each in found.unproven]

    def text(value):
        return {"class_type": "Text", "inputs": {"value": value}}

    switch = {"class_type": "Switch", "inputs": {"on": ["8", 0], "off": ["9", 0]}}
    (reason,) = reasons(["8", 0], {"8": text("style")})
    assert reason == "Lora.lora_name takes a file's name that other nodes put together; the file is not known"
    assert reasons(["8", 0], {"8": text("style.safetensors")}) == []
    assert reasons(["10", 0], {"8": text("style.safetensors"), "9": text("none"), "10": switch}) == []
    assert len(reasons(["10", 0], {"8": text("style"), "9": text("none"), "10": switch})) == 1
    assert reasons(["8", 0], {"8": text("style")}, cut=[("8", 0)]) == []


def test_a_value_that_is_nested_without_end_is_refused_by_its_name():
    value = "x"
    for _ in range(5000):
        value = {"a": [value]}
    with pytest.raises(FingerprintRefusedError, match=r"Guider\.cfg"):
        digest(changed("4", "cfg", value))
