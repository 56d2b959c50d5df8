"""Parking guidance (停车诱导) and anti-congestion (治堵) for a city: the house; read `app.py`, then `flow/`."""

__version__ = "0.1.0"
