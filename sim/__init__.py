"""The street: a simulated town whose truth, hardware and wire are three things.

Truth (`demand`, `choice`, `carpark`, `traffic`, `street`) knows every car. Hardware (`hardware`, `gates`, `bays`,
`loops`, `board`) sees what its real kind would see, with its errors. The wire (`wire`, `line`) speaks what docs/wire.md
says and nothing else.
"""
