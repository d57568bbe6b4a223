from __future__ import annotations

RULE = "text_encoder_outside_loop"


def take_from_list(graph):
    """What the migration does: one encoded list, and a choice from it in the loop."""
    schedule, first = graph.one(type="TimestampPromptSchedule"), graph.node(843)
    encode = graph.add("TimestampPromptScheduleBatchEncode", id=1615)
    graph.connect(graph.one(type="DualCLIPLoader").output(), encode.input("clip"))
    chosen = graph.add("ConditioningSelectByIteration", id=1616)
    graph.connect(encode.output("conditioning_list"), chosen.input("conditioning_list"))
    graph.connect(schedule.input("current_iteration").source, chosen.input("current_iteration"))
    graph.connect(chosen.output(), first.input("positive"))


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_encoders_in_the_loop_are_found(check_finds, classic):
    check_finds(RULE, classic(clip_in_loop=True), "node (1559|1607)", "node (1559|1607)")


def test_an_encoder_of_ours_in_the_loop_is_found(check_finds, ours):
    def encode(graph):
        prompt = graph.one(role="loop_prompt")
        schedule = graph.add("TimestampPromptSchedule", id=4000)
        graph.connect(prompt.input("current_iteration").source, schedule.input("current_iteration"))
        text = graph.add("CLIPTextEncode", id=4001)
        graph.connect(graph.one(role="text_encoder").output(), text.input("clip"))
        graph.connect(schedule.output("prompt"), text.input("text"))
        graph.connect(text.output(), graph.node(843).input("positive"))

    check_finds(RULE, ours(encode), "node 4001 .*encodes text in every iteration")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(clip_in_loop=True), take_from_list)
