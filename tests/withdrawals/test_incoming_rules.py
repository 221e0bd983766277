"""Reading a message that anybody may have written: nothing in it breaks the reading."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.withdrawals import incoming_rules
from ckanext.heraultdata.withdrawals.incoming_rules import Found, Portal, addresses_in, read

PORTAL = Portal("https://data.herault.example", ("fr", "en", "pt_BR"))
TREES = "https://data.herault.example/dataset/arbres"
FILE = "3f2b7c1e-0000-4000-8000-0123456789ab"


def mail(text: str = TREES, **headers: str) -> EmailMessage:
    """A message of a référent, with a text."""
    made = EmailMessage()
    made["From"] = "Camille Fabre <Camille@Vallee.example>"
    made["To"] = "retrait@herault.example"
    made["Subject"] = "Retrait de données"
    made["Message-ID"] = "<1@vallee.example>"
    made["Date"] = "Mon, 02 Mar 2026 10:00:00 +0100"
    for name, value in headers.items():
        del made[name.replace("_", "-")]
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def refusal_of(message: EmailMessage | bytes) -> Message | None:
    """Why nothing can be made of a message by itself."""
    return read(message if isinstance(message, bytes) else message.as_bytes(), PORTAL).refusal


def test_a_plain_message_is_read() -> None:
    found = read(mail(f"Bonjour,\nmerci de retirer {TREES}.\nÉlodie").as_bytes(), PORTAL)
    assert found.sender == "camille@vallee.example"
    assert found.subject == "Retrait de données"
    assert "Élodie" in found.text
    assert found.found == (Found("arbres"),)
    assert not found.says_urgent
    assert found.refusal is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TREES, Found("arbres")),
        ("http://DATA.herault.example/dataset/Arbres", Found("arbres")),
        ("https://data.herault.example/fr/dataset/arbres", Found("arbres")),
        ("https://data.herault.example/pt_BR/dataset/arbres", Found("arbres")),
        (f"<{TREES}>, s'il vous plaît", Found("arbres")),
        (f"({TREES}).", Found("arbres")),
        (f"{TREES}.ttl", Found("arbres")),
        (f"{TREES}?activity_id=1#files", Found("arbres")),
        ("https://data.herault.example/dataset/groups/arbres", Found("arbres")),
        ("https://data.herault.example/dataset/activity/arbres", Found("arbres")),
        (f"{TREES}/resource/{FILE}", Found("arbres", FILE)),
        (f"{TREES}/resource/{FILE}/download/arbres.csv", Found("arbres", FILE)),
        (f"{TREES}/dictionary/{FILE}", Found("arbres", FILE)),
        (f"https://data.herault.example/datastore/dump/{FILE}?bom=True", Found(None, FILE)),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F"
            "data.herault.example%2Fdataset%2Farbres&data=05%7C01",
            Found("arbres"),
        ),
    ],
)
def test_addresses_are_found_however_they_are_written(text: str, found: Found) -> None:
    assert addresses_in(f"Retirez {text} merci", PORTAL) == (found,)


@pytest.mark.parametrize(
    "text",
    [
        "https://data.herault.example.evil.example/dataset/arbres",
        "https://evil.example/dataset/arbres",
        "https://xdata.herault.example/dataset/arbres",
        "https://data.herault.example/tlh/dataset/arbres",
        "https://data.herault.example/organization/arbres",
        "/dataset/arbres",
        "arbres",
    ],
)
def test_other_addresses_are_not_ours(text: str) -> None:
    assert addresses_in(text, PORTAL) == ()


def test_a_portal_below_a_path_is_known_by_it() -> None:
    below = Portal("https://herault.example/data/{{LANG}}", ("fr",))
    for path in ("/data/dataset/arbres", "/data/fr/dataset/arbres"):
        assert addresses_in(f"https://herault.example{path}", below) == (Found("arbres"),)
    assert addresses_in("https://herault.example/dataset/arbres", below) == ()


def test_html_alone_is_read_as_text_with_the_addresses_of_its_links() -> None:
    message = mail()
    message.set_content(
        "<html><head><title>x</title><style>p{}</style></head><body><p>Retirez &eacute;galement "
        f"<a href='{TREES}'>les arbres</a></p><script>alert(1)</script>"
        f"<blockquote><a href='{TREES}-2'>cité</a></blockquote></body>",
        subtype="html",
    )
    found = read(message.as_bytes(), PORTAL)
    assert found.found == (Found("arbres"),)
    assert "également" in found.text
    assert "alert" not in found.text
    assert "p{}" not in found.text


def test_of_an_alternative_the_plain_text_is_read_unless_it_is_empty() -> None:
    for plain, said in (("Retirez tout", "Retirez tout"), (" ", "page")):
        message = mail(plain)
        message.add_alternative("<p>page</p>", subtype="html")
        assert read(message.as_bytes(), PORTAL).text == said


def test_attachments_and_attached_messages_say_nothing() -> None:
    message = mail("Voir la pièce jointe")
    message.add_attachment(TREES, filename="adresses.txt")
    message.add_attachment(mail(f"{TREES}-2"))
    found = read(message.as_bytes(), PORTAL)
    assert found.found == ()
    assert found.refusal == incoming_rules.NO_ADDRESS


@pytest.mark.parametrize(
    "quoting",
    [
        "> {}",
        "  > {}",
        "-----Message d’origine-----\nDe : le Département\n{}",
        "-- Original Message\n{}",
        "De : data@herault.example\nEnvoyé : lundi 2 mars 2026\nObjet : Arbres\n\n{}",
        "**From:** data@herault.example\n\n**Sent:** Monday\n{}",
    ],
)
def test_what_is_quoted_is_not_asked(quoting: str) -> None:
    message = mail("Merci, c'est noté.\n" + quoting.format(TREES))
    found = read(message.as_bytes(), PORTAL)
    assert found.found == ()
    assert found.refusal == incoming_rules.ONLY_QUOTED


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252", "utf-16"])
def test_charsets(charset: str) -> None:
    body = f"À retirer : {TREES}".encode(charset)
    raw = (
        b"From: camille@vallee.example\r\nSubject: =?iso-8859-15?Q?donn=E9es?=\r\n"
        b"Content-Type: text/plain; charset=" + charset.encode() + b"\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.b64encode(body)
    )
    found = read(raw, PORTAL)
    assert found.text == f"À retirer : {TREES}"
    assert found.subject == "données"


@pytest.mark.parametrize(
    "charset", [b"", b"; charset=us-ascii", b"; charset=klingon", b"; charset=utf-8"]
)
def test_a_charset_that_is_not_told_or_not_true(charset: bytes) -> None:
    raw = (
        b"From: camille@vallee.example\nContent-Type: text/plain"
        + charset
        + b"\n\n"
        + "À retirer : ".encode("cp1252")
        + TREES.encode()
    )
    found = read(raw, PORTAL)
    assert found.text == f"À retirer : {TREES}"
    assert found.refusal is None


@pytest.mark.parametrize(
    "sender",
    [
        "",
        "nobody",
        "a@b.example, c@d.example",
        "camille@vallee.example <evil@evil.example>",
        "undisclosed-recipients:;",
    ],
)
def test_without_one_sender_nobody_asks(sender: str) -> None:
    raw = f"From: {sender}\nSubject: x\n\n{TREES}\n".encode()
    assert refusal_of(raw) == incoming_rules.NO_SENDER


def test_two_senders_or_none_are_nobody() -> None:
    twice = f"From: a@b.example\nFrom: c@d.example\n\n{TREES}\n".encode()
    assert refusal_of(twice) == incoming_rules.NO_SENDER
    assert refusal_of(f"Subject: x\n\n{TREES}\n".encode()) == incoming_rules.NO_SENDER
    assert refusal_of(b"") == incoming_rules.NO_SENDER


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner=x"},
        {"Precedence": "Bulk"},
        {"Return_Path": "<>"},
        {"List_Id": "<data.lists.example>"},
        {"X_Autoreply": "yes"},
    ],
)
def test_what_a_program_wrote_asks_nothing(headers: dict[str, str]) -> None:
    assert refusal_of(mail(**headers)) == incoming_rules.AUTOMATIC


def test_a_bounce_asks_nothing() -> None:
    raw = (
        b"From: MAILER-DAEMON@vallee.example\nContent-Type: multipart/report; "
        b"report-type=delivery-status; boundary=x\n\n--x\nContent-Type: text/plain\n\n"
        + TREES.encode()
        + b"\n--x--\n"
    )
    assert refusal_of(raw) == incoming_rules.AUTOMATIC


def test_what_a_person_wrote_may_say_so() -> None:
    assert refusal_of(mail(Auto_Submitted="no", Return_Path="<camille@vallee.example>")) is None


def test_a_sender_that_the_mail_server_doubts_is_left_to_a_person() -> None:
    doubted = "mx.herault.example; spf=fail smtp.mailfrom=x; dmarc=fail header.from=vallee.example"
    assert refusal_of(mail(Authentication_Results=doubted)) == incoming_rules.DOUBTED
    passed = "mx.herault.example; spf=fail; dmarc=pass header.from=vallee.example"
    assert refusal_of(mail(Authentication_Results=passed)) is None


@pytest.mark.parametrize(
    "said", ["URGENT", "C'est très urgent !", "au titre du RGPD", "en urgence"]
)
def test_urgency_is_noted(said: str) -> None:
    assert read(mail(f"{said}\n{TREES}").as_bytes(), PORTAL).says_urgent
    assert read(mail(Subject=said).as_bytes(), PORTAL).says_urgent


def test_a_message_is_the_same_whatever_way_it_came() -> None:
    first = mail()
    again = mail()
    again["Received"] = "from mx2 by mx1; Mon, 02 Mar 2026 10:05:00 +0100"
    other = mail(f"{TREES}-2")
    fingerprints = [read(each.as_bytes(), PORTAL).fingerprint for each in (first, again, other)]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_a_message_that_is_too_large_is_left_to_a_person() -> None:
    raw = mail().as_bytes() + b"x" * (incoming_rules.MOST_BYTES + 1)
    found = read(raw, PORTAL)
    assert found.refusal == incoming_rules.TOO_LARGE
    assert found.sender == "camille@vallee.example"


def test_fifty_megabytes_of_attachment_are_passed_over() -> None:
    raw = (
        b"From: camille@vallee.example\nContent-Type: multipart/mixed; boundary=x\n\n"
        b"--x\nContent-Type: text/plain\n\n" + TREES.encode() + b"\n--x\n"
        b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
        + b"QUFB" * 19 * 700_000
        + b"\n--x--\n"
    )
    found = read(raw, PORTAL)
    assert (found.found, found.refusal) == ((Found("arbres"),), None)


def test_parts_within_parts_without_end_are_left_to_a_person() -> None:
    depth = 3000
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth)
    )
    raw = b"From: camille@vallee.example\n" + head + b"\n\n" + TREES.encode()
    assert refusal_of(raw) is not None


def test_ten_thousand_parts_are_not_all_read() -> None:
    part = b"--x\nContent-Type: text/plain\n\nrien\n"
    raw = (
        b"From: camille@vallee.example\nContent-Type: multipart/mixed; boundary=x\n\n"
        + part * 10_000
        + b"--x--\n"
    )
    found = read(raw, PORTAL)
    assert found.refusal == incoming_rules.NO_ADDRESS
    assert found.text.count("rien") < 1000


@pytest.mark.parametrize(
    "text",
    ["https://" * 50_000, TREES + "/" * 200_000, "%25" * 60_000, "<" * 100_000, "&#" * 80_000],
)
@pytest.mark.parametrize("subtype", ["plain", "html"])
def test_any_text_is_read_to_its_end(text: str, subtype: str) -> None:
    message = mail()
    message.set_content(text, subtype=subtype, cte="base64")
    assert read(message.as_bytes(), PORTAL).sender == "camille@vallee.example"


def test_what_a_database_does_not_hold_is_left_out() -> None:
    raw = (
        b"From: camille@vallee.example\nSubject: a\x00b\xff\xed\xa0\x80\n\nx\x00y \xed\xa0\x80 "
        + (TREES.encode())
    )
    found = read(raw, PORTAL)
    for text in (found.subject, found.text, found.sender):
        assert "\0" not in text
        text.encode("utf-8")
    assert found.found == (Found("arbres"),)


@given(st.binary(max_size=2000))
def test_whatever_the_bytes_are_they_are_read(content: bytes) -> None:
    for head in (
        b"",
        b"From: ",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=x\n\n--x\n",
    ):
        found = read(head + content, PORTAL)
        assert len(found.fingerprint) == 64
        (found.sender + found.subject + found.text).encode("utf-8")


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(max_size=400))
def test_whatever_the_headers_are_they_are_read(name: bytes, value: bytes, body: bytes) -> None:
    for header in (b"From", b"Subject", b"Content-Type", b"Auto-Submitted", name):
        raw = header + b": " + value + b"\nContent-Transfer-Encoding: base64\n\n" + body
        assert read(raw, PORTAL).fingerprint
