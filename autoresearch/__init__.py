"""Experiments on renders: one thing is changed, the judge stays, and a ledger keeps every run."""
