"""Every measure, computed a second time from landed records by hand-written SQL."""
