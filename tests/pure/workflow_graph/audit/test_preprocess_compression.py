from __future__ import annotations

RULE = "preprocess_compression"


def compression(value):
    def edit(graph):
        graph.one(type="LTXVPreprocess").widgets["img_compression"] = value

    return edit


def without_preprocess(graph):
    node = graph.one(type="LTXVPreprocess")
    graph.remove(node, heal=True)


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), ours(compression(18)), ours(compression(35)))


def test_zero_is_an_error_and_little_a_warning(check_finds, ours, classic):
    check_finds(RULE, classic(compression=0), "node 446 .*img_compression is 0")
    check_finds(RULE, ours(compression(0)), "img_compression is 0")
    check_finds(RULE, ours(compression(17)), "img_compression is 17, less than 18", severity="WARN")


def test_no_preprocess_at_all(check_finds, ours, classic):
    check_finds(RULE, ours(without_preprocess), "picture of node 444 .* without LTXVPreprocess", severity="WARN")
    check_finds(RULE, classic(without_preprocess), "node 531 .*picture of node 444", severity="WARN")


def test_a_preprocess_that_reaches_no_sampler_does_not_matter(check_clean, ours):
    def spare(graph):
        graph.add("LTXVPreprocess", widgets={"img_compression": 0})

    check_clean(RULE, ours(spare))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(compression=0), compression(18))
