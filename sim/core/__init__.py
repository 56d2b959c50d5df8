"""The street's law over flat arrays: every car, lot, queue and section, moved on by events and by steps of 5 s.

The same code runs as plain Python over lists and, where numba is installed and a long run is worth it, compiled over
numpy arrays: to the bit the same street (a test holds one against the other).
"""
