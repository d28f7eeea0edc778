"""Landing: source files become immutable batches, as they are, with lineage and rejects."""
