"""Things with an id that a client can ask for again."""

import strawberry


@strawberry.interface(description="Something with an id, by which `node` and `nodes` find it again.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque; the same for as long as the thing exists.")
