"""The life of a version: built as a candidate, audited, published, rolled back."""
