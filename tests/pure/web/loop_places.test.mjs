import assert from "node:assert/strict";
import test from "node:test";
import { holds } from "../../../web/loop_places.mjs";

const loop = { comfyClass: "TensorLoopOpen" };
const other = { comfyClass: "PreviewImage" };

test("a loop is found in a node and in subgraphs, however deep", () => {
  const within = (...nodes) => ({ comfyClass: "some-uuid", subgraph: { nodes } });
  assert.equal(holds(loop, "TensorLoopOpen"), true);
  assert.equal(holds(within(other, within(loop)), "TensorLoopOpen"), true);
  assert.equal(holds(within(other, within(other)), "TensorLoopOpen"), false);
  assert.equal(holds(other, "TensorLoopOpen"), false);
});
