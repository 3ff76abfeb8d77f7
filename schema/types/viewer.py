"""The one who asks."""

import strawberry

from schema.enums import Role
from schema.scalars import TimeZone
from schema.types.user import Account, User


@strawberry.type(description="The one who asks: a user, or a program that acts for the account.")
class Viewer:
    user: User | None = strawberry.field(description="The user; null for a program that acts for nobody in particular.")
    account: Account = strawberry.field(description="The account that the token opens.")
    role: Role = strawberry.field(description="What they may do in the account.")
    has_seat: bool = strawberry.field(
        description="Whether they may schedule for colleagues, and colleagues for them.", name="seat"
    )
    time_zone: TimeZone = strawberry.field(description="The zone of their day.")
    locale: str = strawberry.field(description="Their language, as a BCP 47 tag.")
    scopes: list[str] = strawberry.field(description="What the token may be used for. At most 20.")
