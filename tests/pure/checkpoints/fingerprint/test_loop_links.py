from audio_loop.checkpoints.fingerprint.graph_hash import hash_graph
from audio_loop.checkpoints.fingerprint.graph_rules import GraphRules
from audio_loop.checkpoints.fingerprint.loop_links import follow_loop
from audio_loop.checkpoints.fingerprint.plan_part import plan_part
from audio_loop.checkpoints.fingerprint.value_hash import hash_plain_value
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.seeds import parse_seed_overrides
from audio_loop.loop_engine.body import InputKinds, find_body
from audio_loop.loop_engine.copies import make_copies
from audio_loop.loop_engine.state import LoopSettings, LoopState


class Graph:
    def __init__(self, nodes):
        self.nodes = nodes

    def get_node(self, node_id):
        return self.nodes[node_id]


def prompt(lora_strength=0.8, preview=False):
    nodes = {
        "model": {"class_type": "Loader", "inputs": {"name": "ltx"}},
        "lora": {"class_type": "Lora", "inputs": {"model": ["model", 0], "strength": lora_strength}},
        "open": {"class_type": "TensorLoopOpen", "inputs": {"mode": "iterations", "mode.iterations": 3}},
        "encode": {"class_type": "Select", "inputs": {"iteration": ["open", 3]}},
        "sample": {
            "class_type": "Sampler",
            "inputs": {"model": ["lora", 0], "positive": ["encode", 0], "latent": ["open", 1], "cfg": 1.0},
        },
        "checkpoint": {
            "class_type": "IterationCheckpoint",
            "inputs": {"latent": ["sample", 0], "previous": ["open", 1], "conditioning": ["encode", 0]},
        },
        "close": {
            "class_type": "TensorLoopClose",
            "inputs": {"flow_control": ["open", 0], "processed": ["checkpoint", 0]},
        },
    }
    if preview:
        nodes["preview"] = {"class_type": "Preview", "inputs": {"latent": ["sample", 0]}}
    return nodes


def expanded(nodes, run_id="run", captured=False):
    """The graph as ComfyUI holds it while the loop runs: the user's nodes and the engine's copies."""
    outputs = {node_id for node_id, node in nodes.items() if node["class_type"] == "Preview"}
    kinds = InputKinds(
        is_lazy=lambda class_type, name: (class_type, name) == ("IterationCheckpoint", "latent"),
        is_raw_link=lambda class_type, name: name == "flow_control",
    )
    body = find_body(Graph(nodes), "close", kinds, outputs)
    state = LoopState(
        body, LoopSettings(True, "disabled", 0, False), "open", len, nodes.__getitem__, lambda node_id: node_id, total=3
    )
    if captured:
        state.captured = dict.fromkeys(range(len(body.captures)), ())
    copies = make_copies(state, run_id, range(1, 4), grows=False)
    return nodes | copies.nodes


def whole(nodes, iteration=1, run_id="run"):
    checkpoint = nodes[f"{run_id}.{iteration}.checkpoint"]["inputs"]
    cut = {tuple(checkpoint[name]): name for name in ("previous", "conditioning")}
    rules = GraphRules(redirect=follow_loop)
    return hash_graph(nodes.__getitem__, tuple(checkpoint["latent"]), cut=cut, rules=rules, hash_file=lambda path: b"")


def test_the_copy_of_an_iteration_hashes_as_the_drawn_graph():
    drawn = prompt()
    cut = {("open", 1): "previous", ("encode", 0): "conditioning"}
    expected = hash_graph(drawn.__getitem__, ("sample", 0), cut=cut, hash_file=lambda path: b"")
    for captured in (False, True):
        for iteration in (1, 2, 3):
            assert whole(expanded(prompt(), captured=captured), iteration) == expected


def test_runs_have_different_ids_and_equal_hashes():
    assert whole(expanded(prompt(), "a"), run_id="a") == whole(expanded(prompt(), "b"), run_id="b")


def test_what_stands_outside_the_loop_counts():
    assert whole(expanded(prompt(0.7))).whole != whole(expanded(prompt(0.8))).whole


def test_a_preview_in_the_loop_does_not_count():
    assert whole(expanded(prompt(preview=True))) == whole(expanded(prompt()))


def test_the_number_of_the_iteration_counts_where_the_graph_reads_it_directly():
    nodes = prompt()
    nodes["sample"]["inputs"]["step"] = ["open", 3]
    assert whole(expanded(nodes), 1).whole != whole(expanded(nodes), 2).whole


def part_hashes(**changes):
    settings = {
        "window_seconds": 4, "overlap_seconds": 1, "fps": 25, "sample_rate": 16000,
        "audio_samples": 16000 * 20, "base_seed": 5, "seed_overrides": None,
    } | changes  # fmt: skip
    plan = make_plan(**settings)
    return [hash_plain_value(plan_part(plan, index)) for index in range(plan.iterations + 1)]


def test_a_changed_seed_of_one_iteration_changes_only_its_part():
    before, after = part_hashes(), part_hashes(seed_overrides=parse_seed_overrides("3: 77"))
    assert [index for index, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [3]


def test_a_changed_overlap_or_rate_changes_all_parts():
    before = part_hashes()
    for change in ({"overlap_seconds": 2}, {"fps": 24}, {"base_seed": 6}):
        assert not set(before) & set(part_hashes(**change))
