"""The papers of a request: which files are kept, and what is said of the others."""

from __future__ import annotations

import io

import pytest
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.withdrawals import papers

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89"
)
MESSAGE = (
    b"Message-ID: <1@vallee.example>\r\nDate: Mon, 2 Nov 2026 09:00:00 +0100\r\n"
    b"From: mairie@vallee.example\r\nSubject: Retrait\r\n\r\nMerci de retirer ces donnees.\r\n"
)
MOST = 1000


def upload(content: bytes, name: str) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [(PDF, "application/pdf"), (PNG, "image/png"), (MESSAGE, "message/rfc822")],
)
def test_what_is_kept(content: bytes, media_type: str) -> None:
    kept = papers.from_upload(upload(content, "courrier.bin"), MOST)
    assert (kept.media_type, kept.content) == (media_type, content)


def test_a_message_is_known_by_its_headers_not_by_its_name() -> None:
    with pytest.raises(RuleError) as refusal:
        papers.from_upload(upload(b"Merci de retirer ces donnees.", "message.eml"), MOST)
    assert "saved message (.eml)" in str(refusal.value.message)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This file is empty"),
        (PDF + b" " * MOST, "too large"),
        (b"<html><script>alert(1)</script></html>", "neither a PDF"),
        (b"MZ\x90\x00\x03From: a\nDate: b\n", "neither a PDF"),
    ],
)
def test_what_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(RuleError) as refusal:
        papers.from_upload(upload(content, "lettre.pdf"), MOST)
    assert refusal.value.field == "upload"
    assert said in str(refusal.value.message)


def test_a_name_without_folders() -> None:
    assert papers.from_upload(upload(PDF, "C:\\scan\\lettre.pdf"), MOST).file_name == "lettre.pdf"
