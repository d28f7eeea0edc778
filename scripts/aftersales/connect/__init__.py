"""From an unknown database or folder to a connector: profiled, proposed, written, checked."""
