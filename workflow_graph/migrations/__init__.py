"""Changes that heal or alter people's saved graphs: one file each, chained by revision, undone byte for byte."""
