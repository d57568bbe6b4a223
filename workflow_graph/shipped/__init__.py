"""The workflows that the pack ships, written in Python. `scripts/build_workflows.py` writes the files."""
