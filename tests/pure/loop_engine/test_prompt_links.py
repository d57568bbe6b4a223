import pytest

from audio_loop.loop_engine.prompt_links import as_link, links_of


@pytest.mark.parametrize("value", [3, "a", None, ["a"], ["a", "b"], ["a", 0, 1], [1, 0], {"a": 1}, ("a", 0)])
def test_what_is_no_link(value):
    assert as_link(value) is None


def test_what_is_a_link():
    assert as_link(["843:12", 2.0]) == ("843:12", 2)


def test_the_links_of_a_node():
    node = {"class_type": "A", "inputs": {"steps": 8, "model": ["4", 0], "size": [1, 2], "latent": ["5", 1]}}
    assert list(links_of(node)) == [("model", ("4", 0)), ("latent", ("5", 1))]
    assert list(links_of({"class_type": "A"})) == []
