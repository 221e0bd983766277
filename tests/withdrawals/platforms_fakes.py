"""Other people's platforms as HTTP servers on loopback, which answer as their documents say.

CKAN's action API, Opendatasoft's Explore API v2.1, udata's API 1, and a DCAT catalogue whose pages
follow by Hydra. Each holds the datasets that a test gives it, and can be put out of order.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Document = dict[str, Any]


class Fake:
    """A platform.

    Attributes:
        datasets: what it shows, as its API writes it.
        asked: the paths and queries that it was asked, as they came.
        broken: the status, media type and body that it answers to everything, if any.
    """

    def __init__(self) -> None:
        self.datasets: list[Document] = []
        self.asked: list[str] = []
        self.broken: tuple[int, str, bytes] | None = None
        self.url = ""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """The status, media type and body for a path and its query."""
        raise NotImplementedError


def as_json(document: object, status: int = 200) -> tuple[int, str, bytes]:
    """An answer of JSON."""
    return status, "application/json", json.dumps(document).encode()


class FakeCkan(Fake):
    """CKAN: `package_search` with a filter of fields, as Solr reads it."""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Answer `package_search`."""
        if path != "/api/3/action/package_search":
            return as_json({"success": False, "error": {"message": "Bad request"}}, 400)
        found = [each for each in self.datasets if _solr_matches(query["fq"], each)]
        start, rows = int(query.get("start", "0")), int(query.get("rows", "10"))
        some = found[start : start + rows]
        return as_json({"success": True, "result": {"count": len(found), "results": some}})


class FakeOpendatasoft(Fake):
    """Opendatasoft: `catalog/datasets` with full-text search over the metadata."""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Answer `catalog/datasets`."""
        if path != "/api/explore/v2.1/catalog/datasets":
            return as_json({"error_code": "NotFound", "message": "Not found"}, 404)
        words = re.findall(r'search\("([^"]*)"\)', query["where"])
        if not words or int(query["limit"]) > 100:
            return as_json({"error_code": "ODSQLError", "message": "ODSQL query is malformed"}, 400)
        found = [each for each in self.datasets if any(_reads(word, each) for word in words)]
        start = int(query["offset"])
        some = found[start : start + int(query["limit"])]
        return as_json({"total_count": len(found), "results": some})


class FakeUdata(Fake):
    """udata: search over titles, descriptions and tags; what is archived is not listed."""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Answer the list, or one dataset by its identifier or short name."""
        if path == "/api/1/datasets/":
            return self._listed(query)
        key = path.removeprefix("/api/1/datasets/").strip("/")
        for each in self.datasets:
            if key in (each["id"], each["slug"]):
                if each["deleted"]:
                    return as_json({"message": "Dataset has been deleted"}, 410)
                return as_json(each)
        return as_json({"message": "Dataset not found"}, 404)

    def _listed(self, query: dict[str, str]) -> tuple[int, str, bytes]:
        size, page = int(query["page_size"]), int(query["page"])
        found = [
            each
            for each in self.datasets
            if not each["archived"]
            and not each["deleted"]
            and _reads(query["q"], [each["title"], each["description"], each["tags"]])
        ]
        some = found[(page - 1) * size : page * size]
        return as_json({"data": some, "page": page, "page_size": size, "total": len(found)})


class FakeCatalogue(Fake):
    """A DCAT catalogue in Turtle or RDF/XML, a few datasets a page.

    Attributes:
        page_size: datasets on a page.
        link: the property of Hydra by which pages follow.
        cuts_at: number of the page that is out of order, if any.
    """

    page_size = 2
    link = "hydra:next"
    cuts_at = 0

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Answer a page."""
        page = int(query.get("page", "1"))
        if page == self.cuts_at:
            return 503, "text/html", b"<h1>Service Unavailable</h1>"
        some = self.datasets[(page - 1) * self.page_size : page * self.page_size]
        lines = [
            "@prefix dcat: <http://www.w3.org/ns/dcat#> .",
            "@prefix dct: <http://purl.org/dc/terms/> .",
            "@prefix hydra: <http://www.w3.org/ns/hydra/core#> .",
            f"<{self.url}> a dcat:Catalog .",
        ]
        for each in some:
            lines.append(f"<{self.url}> dcat:dataset <{each['uri']}> .")
            lines.append(f'<{each["uri"]}> a dcat:Dataset ; dct:title "{each["title"]}"@fr .')
            for key, value in each.get("texts", {}).items():
                lines.append(f'<{each["uri"]}> {key} "{value}" .')
            for key, value in each.get("links", {}).items():
                lines.append(f"<{each['uri']}> {key} <{value}> .")
            for rank, file in enumerate(each.get("files", [])):
                node = f"{each['uri']}/file/{rank}"
                lines.append(f"<{each['uri']}> dcat:distribution <{node}> .")
                lines.append(
                    f'<{node}> a dcat:Distribution ; dct:title "{file["title"]}" ; '
                    f"dcat:downloadURL <{file['url']}> ."
                )
        if page * self.page_size < len(self.datasets):
            lines.append(
                f"<{self.url}?page={page}> a hydra:PartialCollectionView ; "
                f"{self.link} <{self.url}?page={page + 1}> ."
            )
        return 200, "text/turtle; charset=utf-8", "\n".join(lines).encode()


@contextmanager
def running(fake: Fake, path: str = "") -> Iterator[Any]:
    """Run a platform for as long as the block lasts.

    Args:
        fake: the platform.
        path: that of its address.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fake.asked.append(self.path)
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            status, media_type, body = fake.broken or fake.answer(unquote(parts.path), query)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _reads(words: str, document: object) -> bool:
    """Whether all the words are in a document, as a full-text search finds them."""
    held = set(re.findall(r"\w+", json.dumps(document, ensure_ascii=False).lower()))
    wanted = re.findall(r"\w+", words.lower())
    return bool(wanted) and all(word in held for word in wanted)


def _solr_matches(fq: str, document: Document) -> bool:
    extras = {f"extras_{extra['key']}": extra["value"] for extra in document.get("extras", [])}
    fields = {**document, **extras}
    for field, values in re.findall(r"(\w+):\(((?:\"(?:[^\"\\]|\\.)*\"(?: OR )?)+)\)", fq):
        for quoted in re.findall(r"\"((?:[^\"\\]|\\.)*)\"", values):
            value = re.sub(r"\\(.)", r"\1", quoted)
            held = fields.get(field)
            if field == "title":
                if isinstance(held, str) and _reads(value, held):
                    return True
            elif held == value:
                return True
    return False
