from audio_loop.workflow_graph.reading.walk import walk

WIRES = {"a": "bc", "b": "d", "c": "d", "d": "a", "e": ""}


def test_nearest_first_and_each_once():
    assert list(walk("a", WIRES.__getitem__)) == ["a", "b", "c", "d"]
    assert list(walk("eea", WIRES.__getitem__)) == ["e", "a", "b", "c", "d"]


def test_no_further_than_asked_for():
    asked = []
    found = walk("a", lambda name: asked.append(name) or WIRES[name])
    assert (next(found), next(found)) == ("a", "b")
    assert asked == ["a"]
