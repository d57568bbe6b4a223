"""Subgraphs made of nodes, and written out again."""
