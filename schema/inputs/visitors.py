"""What a site sends that knows its visitors."""

import strawberry

from schema.inputs.given import needed


@strawberry.input(description="A contact who is about to open a page on a site of the account's own.")
class CreateVisitorTokenInput:
    contact: strawberry.ID = needed("The contact; whoever asks has made sure that it is they.")
    site: str = needed("The host under which the page will be opened, such as meet.example.com.")
