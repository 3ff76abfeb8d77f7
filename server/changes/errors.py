"""Why a cursor cannot be followed any further."""


class ResyncRequired(Exception):
    """The cursor lies outside the kept log: the reader fetches its state anew and follows from the cursor it gets."""

    def __init__(self, account_id: int, after: int, *, oldest: int, latest: int) -> None:
        super().__init__(
            f"Cursor {after} of account {account_id} lies outside the kept changes {oldest} to {latest}; "
            "fetch the state again and continue from its cursor."
        )
        self.after = after
        self.oldest = oldest
        self.latest = latest
