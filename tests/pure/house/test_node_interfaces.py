"""Saved graphs name nodes by id, inputs by name and outputs by place: none of them may go or move without a migration.

A node that gets another id is registered as a replacement too (`comfy_api`'s `node_replacement`), so that graphs that are
opened or queued without a migration find it.
"""

from __future__ import annotations

import json

from .import_graph import REPOSITORY

INTERFACES = REPOSITORY / "tests" / "golden" / "node_interfaces.txt"
SCHEMAS = REPOSITORY / "workflow_graph" / "schemas" / "audio-loop.json"


def now():
    nodes = json.loads(SCHEMAS.read_text("utf-8"))["nodes"]
    inputs = {name: [*node.get("required", {}), *node.get("optional", {})] for name, node in sorted(nodes.items())}
    return {name: (inputs[name], nodes[name].get("output", [])) for name in inputs}


def promised():
    for line in INTERFACES.read_text("utf-8").splitlines():
        name, _, rest = line.partition("(")
        inputs, _, outputs = rest.partition(") ->")
        yield name, [each for each in inputs.split(", ") if each], [each for each in outputs.strip().split(", ") if each]


def test_what_was_promised_is_there():
    nodes = now()
    broken = []
    for name, inputs, outputs in promised():
        if name not in nodes:
            broken.append(f"{name} is gone: graphs that have it need a migration and a node replacement")
            continue
        has_inputs, has_outputs = nodes[name]
        broken += [f"{name} has no input {each} any more" for each in inputs if each not in has_inputs]
        if has_outputs[: len(outputs)] != outputs:
            broken.append(f"{name}'s outputs {has_outputs} do not begin with {outputs}: links name them by their place")
    assert broken == []


def test_everything_that_there_is_is_promised():
    lines = [
        f"{name}({', '.join(inputs)}) -> {', '.join(outputs)}".rstrip() for name, (inputs, outputs) in sorted(now().items())
    ]
    missing = set(lines) - set(INTERFACES.read_text("utf-8").splitlines())
    assert not missing, "to be written into tests/golden/node_interfaces.txt:\n" + "\n".join(sorted(missing))
