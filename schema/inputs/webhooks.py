"""What administrators send about webhooks."""

from enum import StrEnum

import strawberry

from schema.enums import ChangeKind, dressed
from schema.inputs.given import IDEMPOTENCY_KEY, needed, optional, several
from schema.numbers import numbered_if
from server.webhooks.edit import NewWebhook, WebhookEdit

KINDS_MOST = 50


class WebhookFilter(StrEnum):
    LINK = "link"
    HOST = "host"


dressed(
    WebhookFilter,
    "A filter that can be taken off.",
    LINK="Meetings of every link.",
    HOST="Meetings of every host.",
)


@strawberry.input(description="A webhook to be made.")
class CreateWebhookInput:
    name: str = needed("What it is called, at most 200 characters.")
    url: str = needed("Where the changes go: https, a host that anybody on the internet can reach, 1000 characters.")
    kinds: list[ChangeKind] | None = several("The kinds of change it is told of; every kind if left out.", KINDS_MOST)
    link: strawberry.ID | None = optional("Meetings of this link only.")
    host: strawberry.ID | None = optional("Meetings of this host only.")
    owner: strawberry.ID | None = optional("Who is warned when it fails; the viewer if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A change to a webhook; what is left out stays.")
class EditWebhookInput:
    webhook: strawberry.ID = needed("The webhook.")
    name: str | None = optional("Another name.")
    url: str | None = optional("Another address.")
    kinds: list[ChangeKind] | None = several(
        "All kinds it is told of from now on; an empty list for every.", KINDS_MOST
    )
    link: strawberry.ID | None = optional("Meetings of this link only.")
    host: strawberry.ID | None = optional("Meetings of this host only.")
    owner: strawberry.ID | None = optional("Who is warned when it fails.")
    is_paused: bool | None = optional("True pauses it. False switches it on, also after it was disabled.")
    clear: list[WebhookFilter] | None = several("The filters that are taken off.", 2)


@strawberry.input(description="Which webhook is to be gone.")
class DeleteWebhookInput:
    webhook: strawberry.ID = needed("The webhook.")


@strawberry.input(description="Which webhook gets a new secret.")
class RotateWebhookSecretInput:
    webhook: strawberry.ID = needed("The webhook.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="Which webhook is sent a ping.")
class TestWebhookInput:
    webhook: strawberry.ID = needed("The webhook.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


@strawberry.input(description="A part of the log that a webhook is told of once more.")
class ReplayWebhookInput:
    webhook: strawberry.ID = needed("The webhook.")
    after: str = needed("The `cursor` behind which it begins.")
    upto: str | None = optional("The `cursor` of the last change; as far as the webhook has been told if left out.")
    idempotency_key: str | None = optional(IDEMPOTENCY_KEY)


def new_webhook_from(input: CreateWebhookInput) -> NewWebhook:
    """The input as the verb takes it."""
    return NewWebhook(
        name=input.name,
        url=input.url,
        kinds=tuple(input.kinds or ()),
        link_id=numbered_if("lnk", input.link),
        host_id=numbered_if("usr", input.host),
        owner_id=numbered_if("usr", input.owner),
    )


def webhook_edit_from(input: EditWebhookInput) -> WebhookEdit:
    """The input as the verb takes it."""
    return WebhookEdit(
        name=input.name,
        url=input.url,
        kinds=None if input.kinds is None else tuple(input.kinds),
        link_id=numbered_if("lnk", input.link),
        host_id=numbered_if("usr", input.host),
        owner_id=numbered_if("usr", input.owner),
        is_paused=input.is_paused,
        clear=[one.value for one in input.clear or ()],
    )
