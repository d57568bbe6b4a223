"""One detector a file: `look(case) -> Seen`. They are found by their file names, which are kinds of symptoms."""
