"""The ways out of the house: each knows one protocol and nothing of meetings."""
