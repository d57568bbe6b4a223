// Which nodes a node of the front holds: pure, tested by `node --test`.

/** The nodes of a class that a node is or, as a subgraph, holds, however deep. */
export function heldBy(node, nodeClass) {
  const own = node.comfyClass === nodeClass ? [node] : [];
  return [...own, ...(node.subgraph?.nodes ?? []).flatMap((inner) => heldBy(inner, nodeClass))];
}

/** Whether a node is of a class, or stands for a subgraph that holds one, however deep. */
export function holds(node, nodeClass) {
  return heldBy(node, nodeClass).length > 0;
}
