"""What the verbs refuse, as the payload of a mutation tells it.

What is unexpected passes through untouched: whoever answers the request masks and logs it."""

from schema.errors import KNOWN, UserError, as_problem, path_of
from server.errors import Refused

__all__ = ["KNOWN", "as_problem", "user_errors"]


MOST = 100


def user_errors(refused: Refused) -> list[UserError]:
    """The first complaints of a verb as clients read them; paths in the spelling of the schema."""
    shown = refused.complaints[:MOST]
    return [UserError(code=one.code, message=one.message, path=path_of(one.path)) for one in shown]
