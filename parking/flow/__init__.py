"""The loops of the service: collect, decide, fit, show, deliver, tidy."""
