"""Nodes as earlier versions and the older pack saved them, and how they become today's."""
