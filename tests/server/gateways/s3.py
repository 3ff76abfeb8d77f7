"""A small server that speaks as much of S3 as we use, and takes nothing that is not signed right (AWS Signature 4)."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, quote, unquote, urlsplit

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = "AKIDTEST", "a-secret-of-the-tests", "eu-test-1", "kept"
_WHEN = "2020-01-01T00:00:00.000Z"


@dataclass
class Store:
    """What the server holds, and what it was asked: method and path without the bucket."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@contextmanager
def running_store() -> Iterator[Store]:
    """The server, on a port of this machine, for as long as the block lasts."""
    store = Store()
    handler = type("Handler", (_Handler,), {"store": store})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    store.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store: Store

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def do_PUT(self) -> None:
        key, asked, body = self._begin()
        if not self._is_signed(body):
            return
        if "partNumber" in asked:
            self.store.parts[asked["uploadId"]][int(asked["partNumber"])] = body
        else:
            self.store.objects[key] = body
        self._answer(200, b"", etag='"x"')

    def do_POST(self) -> None:
        key, asked, body = self._begin()
        if not self._is_signed(body):
            return
        if "uploads" in asked:
            self.store.parts["one"] = {}
            xml = f"<InitiateMultipartUploadResult><Bucket>{BUCKET}</Bucket><Key>{key}</Key><UploadId>one</UploadId>"
            self._answer(200, f"{xml}</InitiateMultipartUploadResult>".encode())
            return
        if "delete" in asked:
            gone = re.findall(r"<Key>(.*?)</Key>", body.decode())
            for one in gone:
                self.store.objects.pop(one, None)
            told = "".join(f"<Deleted><Key>{one}</Key></Deleted>" for one in gone)
            self._answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())
            return
        parts = self.store.parts.pop(asked["uploadId"])
        self.store.objects[key] = b"".join(parts[number] for number in sorted(parts))
        self._answer(200, b'<CompleteMultipartUploadResult><ETag>"x"</ETag></CompleteMultipartUploadResult>')

    def do_GET(self) -> None:
        key, asked, body = self._begin()
        if not self._is_signed(body):
            return
        if "list-type" in asked:
            self._list(asked.get("prefix", ""))
        elif key in self.store.objects:
            self._give(self.store.objects[key])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _give(self, content: bytes) -> None:
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("range") or "")
        if found is None:
            self._answer(200, content, etag='"x"')
        else:
            first, end = int(found[1]), int(found[2]) + 1
            told = f"bytes {first}-{end - 1}/{len(content)}"
            self._answer(206, content[first:end], etag='"x"', span=told)

    def do_DELETE(self) -> None:
        key, asked, body = self._begin()
        if not self._is_signed(body):
            return
        if "uploadId" in asked:
            self.store.parts.pop(asked["uploadId"], None)
        self.store.objects.pop(key, None)
        self._answer(204, b"")

    def _begin(self) -> tuple[str, dict[str, str], bytes]:
        parts = urlsplit(self.path)
        key = unquote(parts.path).removeprefix(f"/{BUCKET}").lstrip("/")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.store.asked.append((self.command, key))
        return key, dict(parse_qsl(parts.query, keep_blank_values=True)), body

    def _list(self, prefix: str) -> None:
        found = "".join(
            f"<Contents><Key>{key}</Key><LastModified>{_WHEN}</LastModified><ETag>x</ETag><Size>{len(body)}</Size></Contents>"
            for key, body in sorted(self.store.objects.items())
            if key.startswith(prefix)
        )
        self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode())

    def _answer(self, status: int, body: bytes, *, etag: str = "", span: str = "") -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.send_header("last-modified", formatdate(1577836800, usegmt=True))
        if etag:
            self.send_header("etag", etag)
        if span:
            self.send_header("content-range", span)
        self.end_headers()
        self.wfile.write(body)

    def _is_signed(self, body: bytes) -> bool:
        if len(body) < int(self.headers.get("content-length", 0)):
            # Whoever sent it has gone in the middle, and waits for no answer.
            self.close_connection = True
            return False
        expected, given = self._signature(body), self.headers.get("authorization", "").rpartition("Signature=")[2]
        if hmac.compare_digest(expected, given):
            return True
        self.store.refused.append(f"{self.command} {self.path}")
        self._answer(403, b"<Error><Code>SignatureDoesNotMatch</Code></Error>")
        return False

    def _signature(self, body: bytes) -> str:
        """The signature that the request ought to have (Signature Version 4, header-based)."""
        authorization = self.headers.get("authorization", "")
        names = authorization.partition("SignedHeaders=")[2].partition(",")[0].split(";")
        stamp = self.headers.get("x-amz-date", "")
        day, scope = stamp[:8], f"{stamp[:8]}/{REGION}/s3/aws4_request"
        told = self.headers.get("x-amz-content-sha256", "")
        digest = told if told == "UNSIGNED-PAYLOAD" else hashlib.sha256(body).hexdigest()
        if f"Credential={ACCESS_KEY}/{scope}" not in authorization or told != digest:
            return ""
        parts = urlsplit(self.path)
        pairs = sorted(parse_qsl(parts.query, keep_blank_values=True))
        query = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs)
        headers = "".join(f"{name}:{' '.join((self.headers.get(name) or '').split())}\n" for name in names)
        request = "\n".join((self.command, parts.path, query, headers, ";".join(names), digest))
        text = "\n".join(("AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()))
        key = f"AWS4{SECRET_KEY}".encode()
        for step in (day, REGION, "s3", "aws4_request"):
            key = hmac.new(key, step.encode(), hashlib.sha256).digest()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
