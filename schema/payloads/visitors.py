"""What a site is answered that knows its visitors."""

from datetime import datetime

import strawberry

from schema.payloads.base import Payload, result


@strawberry.type(description="By what a page knows a contact of the account (S1-29).")
class VisitorToken:
    token: str = strawberry.field(description="Put it into the page's address as `visitor`. For that visitor only.")
    expires_at: datetime = strawberry.field(description="From then on it means nothing.")


@strawberry.type(description="What `createVisitorToken` answers.")
class CreateVisitorTokenPayload(Payload):
    visitor_token: VisitorToken | None = result("The token.")
