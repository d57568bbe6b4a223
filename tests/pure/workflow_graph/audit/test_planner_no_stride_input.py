from __future__ import annotations

RULE = "planner_no_stride_input"


def old_slot(graph):
    slots = graph.one(type="AudioLoopPlanner").raw["inputs"]
    slots.append({"name": "stride_seconds", "type": "FLOAT", "link": None, "widget": {"name": "stride_seconds"}})


def drop_slot(graph):
    node = graph.one(type="AudioLoopPlanner")
    node.raw["inputs"] = [slot for slot in node.raw["inputs"] if slot["name"] != "stride_seconds"]


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


def test_the_old_input_is_found(check_finds, classic):
    check_finds(RULE, classic(old_slot), "node 1560 .*stride_seconds")


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(old_slot), drop_slot)
