"""Alerts on the command line: the digest, decisions that are kept, rules replayed on history."""
