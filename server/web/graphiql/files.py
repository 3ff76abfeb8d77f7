"""What the page fetches: our own files as they are, GraphiQL's as they were packed, and the schema as JSON."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import cache
from pathlib import Path

from graphql import introspection_from_schema
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from resolvers.root import schema
from server.web.graphql.answering import takes_gzip

_FOLDER = Path(__file__).parent / "static"
_SCHEMA = "schema.json"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json"}


def are_fetched() -> bool:
    """Whether GraphiQL itself is there; `make graphiql` brings it."""
    return (_FOLDER / "graphiql.js.gz").is_file()


async def file_answer(request: Request) -> Response:
    """A file under its name; kept for a year where the address carries the mark of its content."""
    name = request.path_params["name"]
    if name not in _names():
        raise HTTPException(404)
    is_marked = request.query_params.get("v") == mark_of(name)
    headers = {
        "cache-control": "public, max-age=31536000, immutable" if is_marked else "no-cache",
        "vary": "accept-encoding",
        "x-content-type-options": "nosniff",
    }
    packed = _packed(name)
    if takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(packed, media_type=_TYPES[Path(name).suffix], headers=headers | {"content-encoding": "gzip"})
    return Response(gzip.decompress(packed), media_type=_TYPES[Path(name).suffix], headers=headers)


@cache
def mark_of(name: str) -> str:
    """Twelve characters that change with the content of the file."""
    return hashlib.sha256(_packed(name)).hexdigest()[:12]


def schema_mark() -> str:
    """The same of the schema."""
    return mark_of(_SCHEMA)


@cache
def _names() -> frozenset[str]:
    files = (one.name.removesuffix(".gz") for one in _FOLDER.iterdir() if not one.name.startswith("."))
    return frozenset({*files, _SCHEMA})


@cache
def _packed(name: str) -> bytes:
    """The file in gzip. The schema is public (it stands in the contract), so the page need not ask for it by query,
    which not every token may."""
    if name == _SCHEMA:
        return gzip.compress(json.dumps({"data": introspection_from_schema(schema._schema)}).encode(), mtime=0)
    packed = _FOLDER / f"{name}.gz"
    return packed.read_bytes() if packed.is_file() else gzip.compress((_FOLDER / name).read_bytes(), mtime=0)
