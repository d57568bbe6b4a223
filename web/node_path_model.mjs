// The way to a node through subgraphs, as the prompt and the server write it: "843:12". Pure, tested by `node --test`.

/** Every node of a graph and of the subgraphs in it, as [id, node]: the ids of the subgraphs around it and its own. */
export function nodesWithin(graph, prefix = "") {
  return (graph?.nodes ?? []).flatMap((node) => [
    [`${prefix}${node.id}`, node],
    ...(node.subgraph ? nodesWithin(node.subgraph, `${prefix}${node.id}:`) : []),
  ]);
}

/** The node that an id names; undefined if the graph has none. */
export const nodeAt = (graph, id) => nodesWithin(graph).find(([each]) => each === String(id))?.[1];

/** The titles of the nodes on the way to a node, its own last: "Render song > First window > CFG Guider"; "" if there is none. */
export function wayTo(graph, id) {
  const parts = String(id).split(":");
  const nodes = parts.map((_, index) => nodeAt(graph, parts.slice(0, index + 1).join(":")));
  return nodes.includes(undefined) ? "" : nodes.map((node) => node.title || node.type).join(" > ");
}

/** The id of a node; undefined if it is in no graph any more. */
export const idOf = (graph, node) => nodesWithin(graph).find(([, each]) => each === node)?.[0];
