"""What public documents answer over HTTP."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone

import pytest
from ckan.tests.helpers import CKANTestApp
from flask import Flask
from werkzeug.test import TestResponse

from ckanext.heraultdata.dcat import answers
from ckanext.heraultdata.dcat.answers import Version, etag_of

PARIS_SUMMER = timezone(timedelta(hours=2))
MODIFIED = datetime(2026, 7, 20, 10, 0, 0, 900_000, tzinfo=PARIS_SUMMER)
LAST_MODIFIED = "Mon, 20 Jul 2026 08:00:00 GMT"
TEXT = "Hérault\n" * 50
ETAG = etag_of(TEXT)


class Parts:
    """Parts of a text, which count how many of them were made."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self.made = 0

    def __iter__(self) -> Iterator[str]:
        """The parts."""
        for _ in range(50):
            self.made += 1
            yield "Hérault\n"


def ask(
    headers: dict[str, str] | None = None,
    method: str = "GET",
    body: bytes | Iterable[str] = TEXT.encode(),
    **version: object,
) -> TestResponse:
    """What a client gets that asks for the document."""
    # Plain Flask with a session: what the answer does without CKAN's own handlers.
    site = Flask(__name__)
    site.secret_key = "only of this test"
    held = Version(**{"etag": ETAG, "modified": MODIFIED, **version})  # pyright: ignore[reportArgumentType]
    site.add_url_rule(
        "/", "read", lambda: answers.answer(body, "text/turtle", held, [("X-Of", "a")])
    )
    return site.test_client().open("/", method=method, headers=headers or {})


def test_it_says_all_that_caches_need() -> None:
    answer = ask()
    assert answer.status_code == 200
    assert answer.text == TEXT
    assert answer.headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert answer.headers["Content-Length"] == str(len(TEXT.encode()))
    assert answer.headers["ETag"] == f'"{ETAG}"'
    assert answer.headers["Last-Modified"] == LAST_MODIFIED
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Of"] == "a"


def test_caches_keep_it_as_long_as_it_is_said() -> None:
    assert ask(max_age=60).headers["Cache-Control"] == "public, max-age=60, must-revalidate"
    immutable = ask(is_immutable=True).headers["Cache-Control"]
    assert immutable == "public, max-age=604800, immutable"
    assert ask(varies_with=("Accept",)).headers["Vary"] == "Accept, Accept-Encoding"
    assert "Last-Modified" not in ask(modified=None).headers


@pytest.mark.parametrize("body", [TEXT.encode(), [TEXT], ("Hérault\n",) * 50, Parts()])
def test_gzip_is_the_same_text_in_other_bytes_with_another_etag(
    body: bytes | Iterable[str],
) -> None:
    zipped = ask({"Accept-Encoding": "gzip, br"}, body=body)
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data).decode() == TEXT
    assert zipped.headers["ETag"] == f'"{ETAG}-gzip"'
    assert ask({"Accept-Encoding": "gzip, br"}, body=body).data == zipped.data


@pytest.mark.parametrize("accepted", ["", "br", "identity", "gzip;q=0", "identity, gzip;q=0.5"])
def test_who_does_not_want_gzip_gets_none(accepted: str) -> None:
    answer = ask({"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.text == TEXT


@pytest.mark.parametrize(
    ("headers", "etag"),
    [
        ({"If-None-Match": f'"{ETAG}"'}, ETAG),
        ({"If-None-Match": f'W/"{ETAG}"'}, ETAG),
        ({"If-None-Match": f'"other", "{ETAG}"'}, ETAG),
        ({"If-None-Match": "*"}, ETAG),
        ({"If-None-Match": f'"{ETAG}-gzip"', "Accept-Encoding": "gzip"}, f"{ETAG}-gzip"),
        ({"If-None-Match": f'"{ETAG}"', "Accept-Encoding": "gzip"}, ETAG),
        ({"If-Modified-Since": LAST_MODIFIED}, ETAG),
        ({"If-Modified-Since": "Tue, 21 Jul 2026 08:00:00 GMT"}, ETAG),
        (
            {"If-None-Match": f'"{ETAG}"', "If-Modified-Since": "Mon, 20 Jul 2020 08:00:00 GMT"},
            ETAG,
        ),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_it_already_is_told_so(headers: dict[str, str], etag: str, method: str) -> None:
    parts = Parts()
    answer = ask(headers, method, body=iter(parts))
    assert (answer.status_code, answer.data, parts.made) == (304, b"", 0)
    assert answer.headers["ETag"] == f'"{etag}"'
    assert answer.headers["Last-Modified"] == LAST_MODIFIED
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-None-Match": f'"{ETAG}-gzip"'},
        {"If-None-Match": '"other"', "If-Modified-Since": LAST_MODIFIED},
        {"If-None-Match": "", "If-Modified-Since": LAST_MODIFIED},
        {"If-Modified-Since": "Mon, 20 Jul 2026 07:59:59 GMT"},
        {"If-Modified-Since": "not a date"},
    ],
)
def test_who_has_another_one_gets_it(headers: dict[str, str]) -> None:
    assert ask(headers).status_code == 200


def test_a_document_without_a_date_is_compared_by_its_etag_alone() -> None:
    assert ask({"If-Modified-Since": LAST_MODIFIED}, modified=None).status_code == 200


def test_a_head_has_the_headers_and_makes_nothing_of_a_stream() -> None:
    head, whole = ask(method="HEAD"), ask()
    assert head.data == b""
    assert {name: value for name, value in head.headers if name != "Date"} == {
        name: value for name, value in whole.headers if name != "Date"
    }
    parts = Parts()
    streamed = ask(method="HEAD", body=iter(parts))
    assert (streamed.status_code, streamed.data, parts.made) == (200, b"", 0)
    assert streamed.headers["ETag"] == whole.headers["ETag"]


def test_a_stream_is_sent_as_it_comes() -> None:
    parts = Parts()
    site = Flask(__name__)
    with site.test_request_context("/"):
        answer = answers.answer(iter(parts), "text/turtle", Version(ETAG))
        sent = iter(answer.response)  # pyright: ignore[reportArgumentType]
        assert next(sent) == "Hérault\n".encode()
        assert parts.made == 1


def test_no_session_gets_in() -> None:
    site = Flask(__name__)
    site.secret_key = "only of this test"

    def read() -> object:
        from flask import session

        session["seen"] = "yes"
        return answers.answer(b"a", "text/turtle", Version(ETAG))

    site.add_url_rule("/", "read", read)  # pyright: ignore[reportArgumentType]
    answer = site.test_client().get("/")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.usefixtures("with_plugins", "clean_db")
@pytest.mark.ckan_config("ckan.cors.origin_whitelist", "https://known.example")
def test_ckan_adds_nothing_of_its_own(app: CKANTestApp) -> None:
    answer = app.get("/catalog/changes.ttl", headers={"Origin": "https://known.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers.getlist("Set-Cookie") == []
    assert len(answer.headers.getlist("Cache-Control")) == 1


def test_other_parts_make_another_etag() -> None:
    assert etag_of("a", "b") == etag_of("a", "b")
    assert len({etag_of("a", "b"), etag_of("ab"), etag_of("b", "a"), etag_of("a", "b", 1)}) == 4
