"""The workplace of a data steward: scorecards, backlog and broken rows of a published version."""

# Name of its folder beside each version.
FOLDER = "steward"
