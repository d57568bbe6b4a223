import assert from "node:assert/strict";
import test from "node:test";
import { idOf, nodeAt, nodesWithin, wayTo } from "../../../web/node_path_model.mjs";

const prompts = { id: 7 };
const inner = { id: 12, subgraph: { nodes: [prompts, { id: 8 }] } };
const outer = { id: "843", subgraph: { nodes: [inner] } };
const graph = { nodes: [{ id: 12 }, outer, { id: 7 }] };

test("a node is found by its way through subgraphs, and the way by the node", () => {
  assert.deepEqual(nodesWithin(graph).map(([id]) => id), ["12", "843", "843:12", "843:12:7", "843:12:8", "7"]);
  assert.equal(nodeAt(graph, "843:12:7"), prompts);
  assert.equal(idOf(graph, prompts), "843:12:7");
  assert.equal(nodeAt(graph, 7), graph.nodes[2]);
  assert.equal(nodeAt(graph, 843), outer);
});

test("what is not there is not found", () => {
  assert.equal(nodeAt(graph, "843:7"), undefined);
  assert.equal(nodeAt(graph, ""), undefined);
  assert.equal(idOf(graph, { id: 7 }), undefined);
  assert.deepEqual(nodesWithin(undefined), []);
});

test("the way to a node is told by titles, and by types if there are none", () => {
  const inner = { id: 153, type: "CFGGuider", title: "Guider" };
  const first = { id: 2404, title: "First window", subgraph: { nodes: [inner] } };
  const root = { nodes: [{ id: 2400, title: "Render song", subgraph: { nodes: [first] } }, { id: 7, type: "LoadAudio" }] };
  assert.equal(wayTo(root, "2400:2404:153"), "Render song > First window > Guider");
  assert.equal(wayTo(root, "7"), "LoadAudio");
  assert.equal(wayTo(root, "2400:9:153"), "");
});
