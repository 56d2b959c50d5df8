"""Recorded runs: one file each, written as a run goes, replayed, sought in and compared. Nothing here has a wire."""
