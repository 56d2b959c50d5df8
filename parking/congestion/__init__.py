"""Congestion (治堵): how roads and entrance queues stand, what asks for a person, and the life of alerts."""
