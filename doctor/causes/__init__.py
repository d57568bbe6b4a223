"""The causes, one a file. A file with one function under `@cause` is found by its name."""
