"""Finished runs in tables, comparisons and plots."""
