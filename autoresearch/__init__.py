"""The experiment harness: judge, ledger, reports. Nothing is here yet."""
