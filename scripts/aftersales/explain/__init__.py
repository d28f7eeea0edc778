"""Why a metric differs between two periods or two places: asked of the published version."""
