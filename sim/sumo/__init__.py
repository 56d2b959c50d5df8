"""The same drivers, lots, signs and sensors on a SUMO network: cars are moved by SUMO, everything else by our own laws.

Imported only when a network is asked for; needs the extra `[sumo]`.
"""
