"""Stores that forget everything at the end, for simulation and tests; they keep the same promises as the real ones."""
