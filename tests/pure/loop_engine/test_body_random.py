"""Which nodes a loop repeats, and the copies that are made of them: on random graphs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.loop_engine.body import changes_per_iteration, dependents_of
from audio_loop.loop_engine.copies import CAPTURE_NODE, IN_NODE, TAP_NODE, due_iteration, make_copies, shown_nodes
from audio_loop.loop_engine.prompt_links import as_link, links_of
from audio_loop.loop_engine.slots import IN_FIRST_CAPTURE

from .loop_graphs import KINDS, Graph, state_of


@st.composite
def graphs(draw):
    """A graph with one loop: nodes in a topological order, some plain, some switches with lazy inputs, some previews."""
    graph = Graph()
    count = draw(st.integers(2, 14))
    ids = [f"{draw(st.sampled_from(['n', '843:', 'in', 'a.']))}{index}" for index in range(count)]
    place = draw(st.integers(0, count - 1))
    pool = []
    for index, node_id in enumerate(ids):
        if index == place:
            initial = {"initial_value": list(draw(st.sampled_from(pool)))} if pool and draw(st.booleans()) else {}
            graph.add("open", "TensorLoopOpen", **initial)
            pool += [("open", slot) for slot in (1, 2, 3)]
        class_type = draw(st.sampled_from(["Plain", "Plain", "Switch", "Preview", "Show"]))
        names = ("which", "on_left", "on_right") if class_type == "Switch" else ("a", "b", "c")
        inputs = {"literal": index}
        for name in names:
            if pool and draw(st.booleans()):
                inputs[name] = list(draw(st.sampled_from(pool)))
        graph.add(node_id, class_type, **inputs)
        if class_type != "Preview":
            pool.append((node_id, 0))
    changing = dependents_of(graph, ["open"], list(graph))
    ends = [link for link in pool if changing[link[0]] and link[0] != "open"]
    if not ends:
        ends = [tuple(graph.add("end", a=["open", 1]))]
    stop = {"stop": list(draw(st.sampled_from([link for link in pool if link[0] != "open"] or ends)))}
    graph.add(
        "close",
        "TensorLoopClose",
        flow_control=["open", 0],
        processed=list(draw(st.sampled_from(ends))),
        **(stop if draw(st.booleans()) else {}),
    )
    if draw(st.booleans()):
        outside = [link for link in pool if not changing[link[0]]]
        extra = {"b": list(draw(st.sampled_from(outside)))} if outside else {}
        graph.add("after", a=["close", 0], **extra)
    return graph


def all_nodes_of(state, copies, iterations):
    """The copies, and those that are made only when an iteration is due: by iteration, and those above all of them."""
    nodes = dict(copies.nodes)
    by_iteration = {iteration: set(copies.by_iteration[iteration]) for iteration in iterations}
    for iteration in iterations:
        if state.body.output_nodes():
            due = due_iteration(state, "close.run", iteration)
            nodes |= due.nodes
            by_iteration[iteration] |= set(due.nodes)
    return nodes, by_iteration


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(1, 40))
def test_copies_hold_on_to_nothing_outside(graph, count):
    state = state_of(graph)
    iterations = range(1, count + 1)
    copies = make_copies(state, "close.run", iterations, False)
    nodes, by_iteration = all_nodes_of(state, copies, iterations)
    original = set(graph)
    assert not original & set(nodes)
    for iteration, own in by_iteration.items():
        others = set().union(*(ids for k, ids in by_iteration.items() if k != iteration))
        for node_id in own:
            for name, link in links_of(nodes[node_id]):
                assert link[0] in nodes, "every link leads to a node that is made"
                assert link[0] not in others, "no iteration reads another"
                if nodes[node_id]["class_type"] == IN_NODE:
                    assert name == "source"
                    assert nodes[link[0]]["class_type"] == CAPTURE_NODE
                else:
                    assert link[0] in own
    for node_id in set(nodes) - set().union(*by_iteration.values()):
        for _, link in links_of(nodes[node_id]):
            assert link[0] in nodes or (nodes[node_id]["class_type"] == CAPTURE_NODE and link[0] in original)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_every_body_node_is_copied_once_with_its_literals_and_sources(graph):
    state = state_of(graph)
    copies = make_copies(state, "close.run", range(3, 5), False)
    nodes, by_iteration = all_nodes_of(state, copies, range(3, 5))
    body = state.body

    def origin(link, iteration):
        """Where a link of a copy leads in the original graph."""
        node, slot = nodes[link[0]], link[1]
        if node["class_type"] == TAP_NODE:
            return origin(as_link(node["inputs"]["through"]), iteration)
        if node["class_type"] == IN_NODE:
            assert node["inputs"]["iteration"] == iteration
            if slot < IN_FIRST_CAPTURE:
                return "open", slot + 1
            return body.captures[node["inputs"]["index"]].links[slot - IN_FIRST_CAPTURE]
        return name_of(link[0].removeprefix(f"close.run.{iteration}.")), slot

    def copy_of(node_id):
        return f"close.run.{iteration}.{node_id.replace('.', '~1')}"

    def name_of(part):
        return part.replace("~1", ".")

    for iteration in (3, 4):
        made = [n for n in by_iteration[iteration] if nodes[n]["class_type"] in ("Plain", "Switch", "Show", "Preview")]
        assert sorted(made) == sorted(copy_of(node_id) for node_id in body.nodes)
        for node_id in body.nodes:
            copy, node = nodes[copy_of(node_id)], graph[node_id]
            assert copy["class_type"] == node["class_type"]
            assert copy["inputs"].keys() == node["inputs"].keys()
            for name, value in node["inputs"].items():
                link = as_link(value)
                if link is None:
                    assert copy["inputs"][name] == value
                else:
                    assert origin(as_link(copy["inputs"][name]), iteration) == link


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(1, 20))
def test_ids_are_deterministic_and_unique(graph, count):
    one = make_copies(state_of(graph), "close.run", range(1, count + 1), False)
    two = make_copies(state_of(graph), "close.run", range(1, count + 1), False)
    assert list(one.nodes) == list(two.nodes)
    assert (one.top, one.by_iteration) == (two.top, two.by_iteration)
    listed = [node_id for ids in one.by_iteration.values() for node_id in ids]
    assert len(listed) == len(set(listed))
    other = make_copies(state_of(graph), "close.run.more", range(count + 1, count + 3), False)
    assert not set(one.nodes) & set(other.nodes)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_a_body_is_what_changes_and_is_asked_for(graph):
    body = graph.body()
    roots = [body.processed[0]] + ([body.stop[0]] if body.stop else [])
    changing = changes_per_iteration(graph, "open", "close", list(graph))
    upstream, stack = set(), list(roots)
    while stack:
        node_id = stack.pop()
        if node_id not in upstream:
            upstream.add(node_id)
            stack += [link[0] for _, link in links_of(graph[node_id])]
    assert set(body.nodes) == {n for n in upstream if changing[n] and n != "open"}
    captured = {link for capture in body.captures for link in capture.links}
    assert all(not changing[source] for source, _ in captured)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_every_preview_of_a_changing_value_is_shown_once(graph):
    state = state_of(graph)
    body = state.body
    changing = changes_per_iteration(graph, "open", "close", list(graph))
    previews = [n for n, node in graph.items() if KINDS.is_output(node["class_type"]) and n not in body.nodes]
    wanted = sorted(n for n in previews if changing[n])
    tapped = [n for tap in body.taps for n in tap.node_ids if n in previews]
    assert sorted(set(tapped)) == wanted
    assert all(not set(tap.node_ids) & set(body.nodes) for tap in body.taps)
    for index, tap in enumerate(body.taps):
        shown = shown_nodes(state, index, "show", 1)
        for node_id, node in shown.nodes.items():
            assert all(link[0] in shown.nodes for _, link in links_of(node)), node_id
        assert all(link[0] in shown.nodes for link in shown.waits)
        assert len(shown.nodes) == 1 + len(tap.node_ids)
