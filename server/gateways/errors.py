"""How a gateway fails: for now, or for good."""


class TemporaryFailure(Exception):
    """It did not work this time; the same attempt may succeed later."""


class PermanentFailure(Exception):
    """It will not work however often it is tried; the text says what the other side answered."""
