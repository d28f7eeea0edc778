"""The metrics as Cube defines them, read as data."""
