"""Reading a graph: the questions that audit and migrations both ask, answered once."""
