"""`ckan heraultdata daily`: what is told to whom and when, once, by a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from email.message import EmailMessage
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan.tests.helpers import call_action

from ckanext.heraultdata.mailing import preferences
from ckanext.heraultdata.mailing.model import SentNotice
from ckanext.heraultdata.mailing.preferences import Wishes
from tests import factories
from tests.conformance.test_actions import check, dataset
from tests.mails import Mailbox, html_of, text_of

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("heraultdata.department_email", "data@herault.example"),
]

Daily = Callable[..., Any]
NOW = datetime(2026, 1, 1, tzinfo=timezone.utc)
READER = "camille@vallee.example"


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner with one référent, whose first convention runs."""
    made = factories.partner(name="vallee", title="Vallée de l'Hérault")
    factories.referent(made["id"], email=READER, name="Camille Fabre")
    factories.signed_convention(made["id"])
    return made


def trees(*published_on: str) -> list[dict[str, Any]]:
    """A territorial standard that is no priority, with its versions."""
    factories.standard(name="herault-arbres", title="Arbres", level="territorial", priority=False)
    schemas = [
        {"fields": [{"name": name, "type": "string"} for name in names]}
        for names in (("nom",), ("nom", "hauteur"), ("nom", "hauteur", "essence"))
    ]
    return [
        factories.version(
            standard="herault-arbres", version=f"{rank}.0.0", published_on=day, schema=schema
        )
        for rank, (day, schema) in enumerate(zip(published_on, schemas, strict=False), start=1)
    ]


@pytest.fixture
def pending(partner: dict[str, Any]) -> dict[str, Any]:
    """A dataset valid for the first of two versions; the second is due on 2026-06-01."""
    first, _ = trees("2023-01-10", "2025-06-01")
    made = dataset(partner, "herault-arbres")
    check(made["resources"][0], first, date(2025, 1, 1), valid=True)
    return made


def mails_to(mailbox: Mailbox, address: str = READER) -> list[EmailMessage]:
    """The mails to an address, in their order."""
    return [mail for mail in mailbox.mails if mail["To"].addresses[0].addr_spec.lower() == address]


def told(mailbox: Mailbox, address: str = READER) -> list[str]:
    """The subjects of the mails to an address."""
    return [str(mail["Subject"]) for mail in mails_to(mailbox, address)]


def sent_rows() -> int:
    """How many rows say that something went."""
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(SentNotice)) or 0


def test_a_publication_is_told_with_what_changes_and_by_when(
    partner: dict[str, Any], pending: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    outcome = daily("2025-06-01")
    assert outcome.exit_code == 0, outcome.output
    assert told(mailbox) == ["New version of a standard: Arbres 2.0.0"]
    [mail] = mails_to(mailbox)
    for body in (text_of(mail), html_of(mail)):
        assert "June 1, 2026" in body
        assert "hauteur" in body
        assert "Vallée de l" in body
        for path in (
            "/partner/vallee/conformance",
            f"/dataset/{pending['name']}",
            "/standard/herault-arbres/differences?from=1.0.0",
            "/standard/herault-arbres/model.xlsx?version=2.0.0",
        ):
            assert f"http://test.ckan.net{path}" in body


def test_a_version_brought_in_late_floods_nobody(
    pending: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    daily("2025-07-02")
    assert told(mailbox) == []


def test_only_the_newest_reminder_that_was_missed_goes(
    pending: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    for day in ("2026-05-10", "2026-05-11", "2026-05-24", "2026-05-25", "2026-06-01"):
        daily(day)
    assert len(told(mailbox)) == 3
    bodies = [text_of(mail) for mail in mails_to(mailbox)]
    assert "in 22 days" in bodies[0]
    assert "in 7 days" in bodies[1]
    assert "Due today" in bodies[2]


def test_what_is_late_is_told_each_month(
    pending: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    for day in ("2026-06-20", "2026-06-30", "2026-07-01", "2026-07-02", "2026-10-15"):
        daily(day)
    assert len(told(mailbox)) == 3
    assert "19 days late" in text_of(mails_to(mailbox)[0])
    assert "136 days late" in text_of(mails_to(mailbox)[2])


def test_what_conforms_is_left_alone(
    partner: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    [only] = trees("2024-06-01")
    made = dataset(partner, "herault-arbres")
    check(made["resources"][0], only, date(2024, 6, 2), valid=True)
    for day in ("2025-03-05", "2025-06-01", "2025-06-02"):
        daily(day)
    assert told(mailbox) == []


def test_a_priority_without_a_dataset_is_told(
    partner: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    factories.standard(name="herault-sites", title="Sites", level="territorial", priority=True)
    factories.version(standard="herault-sites", published_on="2026-01-10")
    daily("2026-01-10")
    assert told(mailbox) == ["New standard: Sites 1.0.0"]
    assert "you have no dataset for it yet" in text_of(mails_to(mailbox)[0])
    daily("2026-11-24")
    assert told(mailbox)[1:] == ["Sites: no dataset yet"]


def test_an_adoption_is_news(partner: dict[str, Any], mailbox: Mailbox, daily: Daily) -> None:
    factories.standard(name="scdl-sites", title="Sites", level="national", priority=False)
    factories.version(standard="scdl-sites", published_on="2018-05-01", adopted_on="2026-04-01")
    dataset(partner, "scdl-sites")
    daily("2026-03-31")
    assert told(mailbox) == []
    daily("2026-04-01")
    assert told(mailbox) == ["Standard adopted by the département: Sites 1.0.0"]
    assert "April 1, 2027" in text_of(mails_to(mailbox)[0])


def test_one_mail_a_person_and_day_over_all_its_partners(
    pending: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    other = factories.partner(name="lodeve", title="Lodève")
    factories.referent(other["id"], email=READER.upper())
    factories.signed_convention(other["id"])
    dataset(other, "herault-arbres")
    daily("2025-06-02")
    assert told(mailbox) == ["Open data: 3 points for you"]
    body = text_of(mails_to(mailbox)[0])
    assert "Vallée de l'Hérault" in body
    assert "Lodève" in body
    rows = sent_rows()
    daily("2025-06-02")
    assert len(told(mailbox)) == 1
    assert sent_rows() == rows


def test_editors_and_admins_read_but_not_the_departments_people(
    pending: dict[str, Any], partner: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    people = factories.people(partner["id"])
    factories.join(people.department_admin, partner["id"], "admin")
    factories.join(people.sysadmin, partner["id"], "admin")
    daily("2026-05-25")
    expected = [READER, people.partner_admin.email, people.partner_editor.email]
    assert mailbox.recipients() == sorted([*expected, "data@herault.example"])


def test_the_address_of_a_partner_without_anybody(mailbox: Mailbox, daily: Daily) -> None:
    made = factories.partner(email="mairie@lodeve.example")
    trees("2025-06-01")
    dataset(made, "herault-arbres")
    daily("2025-06-01")
    assert told(mailbox, "mairie@lodeve.example") == ["New standard: Arbres 1.0.0"]


def test_stopped_addresses_read_what_the_law_asks_for_only(
    pending: dict[str, Any], partner: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    preferences.record(READER, Wishes(stopped=True), NOW)
    daily("2026-05-25")
    assert told(mailbox) == []
    factories.standard(name="decret", title="Décret", level="national", priority=False)
    factories.version(
        standard="decret", published_on="2025-01-01", due_on="2026-07-01", legal_reference="Décret"
    )
    dataset(partner, "decret")
    daily("2026-06-01")
    assert told(mailbox) == ["Arbres (standard: Décret)"]
    preferences.record(READER, Wishes(stopped=False), NOW)
    daily("2026-06-02")
    assert told(mailbox)[1:] == ["Arbres (standard: Arbres)"]


def test_each_reads_its_language(
    pending: dict[str, Any], partner: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    factories.referent(partner["id"], email="sacha@vallee.example", name="Sacha")
    preferences.record("sacha@vallee.example", Wishes(language="fr"), NOW)
    daily("2026-05-25")
    by_reader = {mail["To"].addresses[0].addr_spec: mail for mail in mailbox.mails}
    assert text_of(by_reader[READER]).startswith("Hello Camille Fabre,")
    french = by_reader["sacha@vallee.example"]
    assert text_of(french).startswith("Bonjour Sacha,")
    assert "1er juin 2026" in text_of(french)
    assert '<html lang="fr">' in html_of(french)
    assert f"http://test.ckan.net/fr/dataset/{pending['name']}" in text_of(french)


def test_a_dry_run_shows_each_mail_and_writes_nothing(
    pending: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    before = sent_rows()
    outcome = daily("2026-05-25", "--dry-run")
    assert outcome.exit_code == 0, outcome.output
    assert f"To: Camille Fabre <{READER}>" in outcome.output
    assert "Subject: Arbres (standard: Arbres)" in outcome.output
    assert "in 7 days" in outcome.output
    assert mailbox.mails == []
    assert sent_rows() == before
    daily("2026-05-25")
    assert told(mailbox) == ["Arbres (standard: Arbres)"]


def test_wrong_usage_has_a_status_of_its_own(daily: Daily) -> None:
    assert daily("2026-05-25", "--wet-run").exit_code == 2


def test_a_mail_server_that_is_down_loses_nothing(
    pending: dict[str, Any],
    daily: Daily,
    mailbox: Mailbox,
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as down:
        down.setitem(ckan_config, "smtp.server", "127.0.0.1:9")
        outcome = daily("2026-05-25")
    assert outcome.exit_code == 1
    assert f"Not sent: {READER}" in outcome.output
    assert sent_rows() == 0
    assert daily("2026-05-25").exit_code == 0
    assert told(mailbox) == ["Arbres (standard: Arbres)"]


def test_a_setting_that_makes_no_sense_is_told(
    pending: dict[str, Any],
    daily: Daily,
    mailbox: Mailbox,
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.reminder_days", ["ninety"])
    outcome = daily("2026-05-25")
    assert outcome.exit_code == 1
    assert "heraultdata.reminder_days" in outcome.output
    assert mailbox.mails == []


def test_a_crash_in_the_middle_leaves_the_rest_for_the_next_run(
    pending: dict[str, Any],
    partner: dict[str, Any],
    daily: Daily,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for rank in range(3):
        factories.referent(partner["id"], email=f"reader-{rank}@vallee.example")
    real = tk.mail_recipient
    calls = []

    def dies_at_the_second(name: str, address: str, *rest: Any, **options: Any) -> None:
        calls.append(address)
        if len(calls) == 2:
            raise SystemExit(137)
        real(name, address, *rest, **options)

    monkeypatch.setattr(tk, "mail_recipient", dies_at_the_second)
    assert daily("2026-05-25").exit_code == 137
    assert len(mailbox.mails) == 1
    monkeypatch.setattr(tk, "mail_recipient", real)
    assert daily("2026-05-25").exit_code == 0
    readers = [READER, *(f"reader-{rank}@vallee.example" for rank in range(3))]
    assert mailbox.recipients() == sorted([*readers, "data@herault.example"])


def test_a_draft_out_for_comment_is_told_once(
    partner: dict[str, Any], mailbox: Mailbox, daily: Daily
) -> None:
    factories.standard(name="herault-bancs", title="Bancs", level="territorial", concerns=["epci"])
    draft = factories.version(standard="herault-bancs")
    model.Session.execute(
        sa.text("UPDATE heraultdata_standard_version SET comments_until = :day WHERE id = :id"),
        {"day": date(2026, 4, 10), "id": draft["id"]},
    )
    model.Session.commit()
    commune = factories.partner(partner_type="commune", email="mairie@commune.example")
    for day in ("2026-04-01", "2026-04-02", "2026-04-10", "2026-04-11"):
        daily(day)
    assert told(mailbox) == ["Your opinion is asked for: Bancs 1.0.0"]
    assert "April 10, 2026" in text_of(mails_to(mailbox)[0])
    assert commune["email"] not in mailbox.recipients()


class TestDigest:
    def test_once_a_week_at_the_first_run(
        self, pending: dict[str, Any], mailbox: Mailbox, daily: Daily
    ) -> None:
        for day in ("2026-06-07", "2026-06-09", "2026-06-10", "2026-06-14", "2026-06-15"):
            daily(day)
        subjects = told(mailbox, "data@herault.example")
        assert subjects == [
            f"Conformance of the partners: week of {monday}"
            for monday in ("June 1, 2026", "June 8, 2026", "June 15, 2026")
        ]
        digests = [text_of(mail) for mail in mailbox.mails if "Conformance" in mail["Subject"]]
        # Due on 1 June, which is a Monday: late in the week that is told on the 8th.
        assert "Nothing became late in the week before." in digests[0]
        assert "1 deadline was missed in the week before:" in digests[1]
        assert "Vallée de l'Hérault: Arbres" in digests[1]
        assert "Overdue: 1" in digests[1]
        assert "Nothing became late in the week before." in digests[2]

    def test_what_waits_for_the_department(
        self, pending: dict[str, Any], partner: dict[str, Any], mailbox: Mailbox, daily: Daily
    ) -> None:
        version = model.Session.execute(
            sa.text("SELECT id FROM heraultdata_standard_version WHERE version = '2.0.0'")
        ).scalar()
        model.Session.execute(
            sa.text(
                "INSERT INTO heraultdata_extension "
                "(id, organization_id, version_id, due_on, reason, asked_on) "
                "VALUES ('one', :partner, :version, '2026-12-01', 'Why', '2026-05-01')"
            ),
            {"partner": partner["id"], "version": version},
        )
        model.Session.commit()
        daily("2026-05-11")
        [mail] = mails_to(mailbox, "data@herault.example")
        assert "1 request for more time waits for your decision." in text_of(mail)
        assert "http://test.ckan.net/conformance/extensions" in text_of(mail)

    def test_nothing_to_tell(self, mailbox: Mailbox, daily: Daily) -> None:
        daily("2026-05-11")
        assert mailbox.mails == []


def test_a_late_update_is_told(partner: dict[str, Any], mailbox: Mailbox, daily: Daily) -> None:
    made = call_action(
        "package_create",
        context={"user": factories.user(sysadmin=True).name},
        name="arbres",
        title="Arbres de la vallée",
        notes="Les arbres",
        owner_org=partner["id"],
        private=True,
        frequency="http://publications.europa.eu/resource/authority/frequency/MONTHLY",
        resources=[{"url": "https://data.example/1.pdf", "format": "PDF"}],
    )
    model.Session.execute(
        sa.text("UPDATE resource SET created = '2026-01-10', last_modified = NULL WHERE id = :id"),
        {"id": made["resources"][0]["id"]},
    )
    model.Session.commit()
    # A month, and the tolerance of thirty days: on time until 2026-03-12.
    for day in ("2026-03-12", "2026-03-13", "2026-03-14", "2026-04-12", "2026-04-13"):
        daily(day)
    assert told(mailbox) == ["To be updated: Arbres de la vallée"] * 2
    assert "January 10, 2026" in text_of(mails_to(mailbox)[0])
    assert "it is 1 day late" in text_of(mails_to(mailbox)[0])
