"""The public benchmark: one song, one picture, one schedule and fixed seeds, rendered on a server and measured."""
