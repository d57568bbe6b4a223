// Which nodes of the front hold a loop: pure, tested by `node --test`.

/** Whether a node is of a class, or stands for a subgraph that holds one, however deep. */
export function holds(node, nodeClass) {
  return node.comfyClass === nodeClass || (node.subgraph?.nodes ?? []).some((inner) => holds(inner, nodeClass));
}
