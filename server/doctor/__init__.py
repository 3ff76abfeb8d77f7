"""What is missing or wrong with an installation, all at once, each with the next step (E-23)."""

from server.doctor.examine import examine
from server.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]
