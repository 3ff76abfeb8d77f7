"""Video rooms: providers, people's accounts at them, and the rooms of meetings."""
