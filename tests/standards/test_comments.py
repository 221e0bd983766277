"""Taking part: drafts out for comment, comments by column, answers, by role and language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.journal.model import JournalEntry
from ckanext.heraultdata.messages import RuleError
from ckanext.heraultdata.standards import comment_rules
from ckanext.heraultdata.standards.comment_page import by_column
from ckanext.heraultdata.standards.model import StandardComment
from ckanext.heraultdata.standards.rules import Level
from tests import factories
from tests.reading import Reader, counted_queries, error_of, text_of, value_of

needs_site = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")

DEPARTMENT = ["sysadmin", "department_admin"]
PARTNERS = ["partner_admin", "partner_editor", "partner_member", "other_partner_admin"]
PUBLIC = ["visitor", None]
DRAFT = {"standard": "parcs", "version": "2.0.0"}
COMMENTS = "/standard/parcs/version/2.0.0/comments"
SCHEMA = {"fields": [{"name": name, "type": "string"} for name in ("NOM", "SURFACE", "SIRET")]}
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@pytest.fixture
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-01")


@pytest.fixture
def people(clean_db: None) -> factories.People:
    return factories.people(factories.partner(title="Lodévois")["id"])


@pytest.fixture
def draft(clean_db: None, _today: None) -> dict[str, Any]:
    """A draft of a territorial standard, out for comment until 2026-03-31."""
    factories.standard(name="parcs", title="Parcs", level="territorial")
    return factories.version(**DRAFT, schema=SCHEMA, comments_until="2026-03-31")


def comment(user: model.User | None, **fields: Any) -> dict[str, Any]:
    """A comment on the draft."""
    values = {**DRAFT, "text": "SURFACE in m²?"}
    return factories.act(user, "heraultdata_standard_comment_create", **{**values, **fields})


def listed(user: model.User | None) -> dict[str, Any]:
    return factories.act(user, "heraultdata_standard_comment_list", **DRAFT)


def publish(day: str = "2026-03-01") -> None:
    call_action("heraultdata_standard_version_update", **DRAFT, published_on=day)


def who(people: factories.People, role: str | None) -> model.User | None:
    return people.of(role) if role else None


class TestRules:
    @given(DAYS, DAYS)
    def test_a_draft_of_a_territorial_standard_is_put_out_until_a_day_to_come(
        self, until: date, today: date
    ) -> None:
        if until >= today:
            comment_rules.refuse_period(Level.TERRITORIAL, True, until, today)
            return
        with pytest.raises(RuleError) as refusal:
            comment_rules.refuse_period(Level.TERRITORIAL, True, until, today)
        assert refusal.value.field == "comments_until"

    @given(st.sampled_from(Level), st.booleans(), DAYS)
    def test_nothing_else_is(self, level: Level, is_draft: bool, today: date) -> None:
        if level is Level.TERRITORIAL and is_draft:
            return
        with pytest.raises(RuleError):
            comment_rules.refuse_period(level, is_draft, today, today)

    @given(DAYS, st.integers(-50, 50))
    def test_the_last_day_is_included(self, today: date, days: int) -> None:
        until = today + timedelta(days=days)
        if days >= 0:
            comment_rules.refuse_comment(True, until, today, "Why?", "NOM", ["NOM"])
            return
        with pytest.raises(RuleError, match="version"):
            comment_rules.refuse_comment(True, until, today, "Why?", "NOM", ["NOM"])

    @pytest.mark.parametrize(
        ("field", "changed"),
        [
            ("version", {"is_draft": False}),
            ("version", {"until": None}),
            ("text", {"text": None}),
            ("column", {"column": "nom"}),
        ],
    )
    def test_what_is_refused(self, field: str, changed: dict[str, Any]) -> None:
        today = date(2026, 3, 1)
        proper = {"is_draft": True, "until": today, "text": "Why?", "column": None}
        comment_rules.refuse_comment(**proper, today=today, columns=["NOM"])
        with pytest.raises(RuleError) as refusal:
            comment_rules.refuse_comment(**{**proper, **changed}, today=today, columns=["NOM"])
        assert refusal.value.field == field

    @pytest.mark.parametrize("until", [None, date(2026, 3, 1)])
    @pytest.mark.parametrize("level", list(Level))
    def test_the_level_of_what_was_out_stays(self, level: Level, until: date | None) -> None:
        if until is None or level is Level.TERRITORIAL:
            comment_rules.refuse_level(level, until)
            return
        with pytest.raises(RuleError) as refusal:
            comment_rules.refuse_level(level, until)
        assert refusal.value.field == "level"

    def test_groups_follow_the_columns(self) -> None:
        found = [{"id": rank, "column": name} for rank, name in enumerate(["B", "X", None, "A"])]
        grouped = by_column([*found, {"id": 4, "column": "B"}], ["A", "B", "C"])
        assert [(group.column, [c["id"] for c in group.comments]) for group in grouped] == [
            (None, [2]),
            ("A", [3]),
            ("B", [0, 4]),
            ("X", [1]),
        ]


@needs_site
class TestPeriod:
    def test_is_told_kept_and_journaled(self, draft: dict[str, Any]) -> None:
        assert draft["comments_until"] == "2026-03-31"
        updated = call_action(
            "heraultdata_standard_version_update", **DRAFT, comments_until="2026-03-01"
        )
        assert updated["comments_until"] == "2026-03-01"
        line = model.Session.scalars(
            sa.select(JournalEntry).order_by(sa.desc(JournalEntry.id))
        ).first()
        assert line is not None
        assert line.action == "standard.version_updated"
        before, after = line.before or {}, line.after or {}
        assert (before["comments_until"], after["comments_until"]) == (
            "2026-03-31",
            "2026-03-01",
        )

    def test_can_be_taken_back(self, draft: dict[str, Any]) -> None:
        updated = call_action("heraultdata_standard_version_update", **DRAFT, comments_until="")
        assert updated["comments_until"] is None

    def test_stays_when_the_version_is_published(
        self, draft: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        at("2026-05-01")
        publish("2026-05-01")
        updated = call_action("heraultdata_standard_version_update", **DRAFT, due_on="")
        assert updated["comments_until"] == "2026-03-31"

    @pytest.mark.parametrize(
        ("until", "told"),
        [("2026-02-28", "is past"), ("31/03/2026", "year-month-day"), ("2026-02-30", "no")],
    )
    def test_bad_days(self, draft: dict[str, Any], until: str, told: str) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_standard_version_update", **DRAFT, comments_until=until)
        assert told in factories.sentence_of(refusal, "comments_until")
        shown = call_action("heraultdata_standard_version_show", **DRAFT)
        assert shown["comments_until"] == "2026-03-31"

    def test_not_of_a_published_version(self, draft: dict[str, Any]) -> None:
        publish()
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_standard_version_update", **DRAFT, comments_until="2026-04-01")
        assert "published" in factories.sentence_of(refusal, "comments_until")
        with pytest.raises(tk.ValidationError, match="comments_until"):
            factories.version(
                standard="parcs",
                version="3.0.0",
                published_on="2026-04-01",
                comments_until="2026-03-20",
            )

    @pytest.mark.parametrize("level", ["national", "de_facto"])
    def test_only_of_territorial_standards(self, level: str) -> None:
        made = factories.standard(level=level)
        with pytest.raises(tk.ValidationError) as refusal:
            factories.version(standard=made["name"], comments_until="2026-04-01")
        assert "territorial" in factories.sentence_of(refusal, "comments_until")

    def test_keeps_the_level(self, draft: dict[str, Any]) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            call_action("heraultdata_standard_update", id="parcs", level="national")
        assert "stays territorial" in factories.sentence_of(refusal, "level")


@needs_site
class TestReadersOfADraft:
    @pytest.mark.parametrize("role", DEPARTMENT + PARTNERS + PUBLIC)
    def test_out_for_comment(
        self, draft: dict[str, Any], people: factories.People, role: str | None
    ) -> None:
        user = who(people, role)
        shown = factories.act(user, "heraultdata_standard_show", id="parcs")
        versions = factories.act(user, "heraultdata_standard_version_list", standard="parcs")
        [in_list] = factories.act(user, "heraultdata_standard_list")["results"]
        count = 0 if role in PUBLIC else 1
        assert len(shown["versions"]) == len(in_list["versions"]) == versions["count"] == count
        if role in PUBLIC:
            with pytest.raises(tk.ObjectNotFound):
                factories.act(user, "heraultdata_standard_version_show", **DRAFT)
        else:
            found = factories.act(user, "heraultdata_standard_version_show", **DRAFT)
            assert found["schema"] == SCHEMA

    @pytest.mark.parametrize("role", DEPARTMENT + PARTNERS + PUBLIC)
    def test_not_out_for_comment(self, people: factories.People, role: str | None) -> None:
        factories.standard(name="parcs", level="territorial")
        factories.version(**DRAFT)
        user = who(people, role)
        if role in DEPARTMENT:
            assert factories.act(user, "heraultdata_standard_version_show", **DRAFT)
            return
        for action in ("heraultdata_standard_version_show", "heraultdata_standard_comment_list"):
            with pytest.raises(tk.ObjectNotFound):
                factories.act(user, action, **DRAFT)
        assert factories.act(user, "heraultdata_standard_show", id="parcs")["versions"] == []

    def test_members_of_what_is_no_partner(self, draft: dict[str, Any]) -> None:
        member = factories.user()
        factories.join(member, factories.organization(name="tourist-office")["id"], "admin")
        with pytest.raises(tk.ObjectNotFound):
            factories.act(member, "heraultdata_standard_version_show", **DRAFT)
        with pytest.raises(tk.NotAuthorized):
            comment(member)

    def test_still_once_comments_are_closed(
        self, draft: dict[str, Any], people: factories.People, at: Callable[[str], None]
    ) -> None:
        at("2026-05-01")
        assert factories.act(people.partner_member, "heraultdata_standard_version_show", **DRAFT)


@needs_site
@pytest.mark.usefixtures("draft")
class TestComments:
    @pytest.mark.parametrize("role", PARTNERS + DEPARTMENT)
    def test_partners_and_the_department(self, people: factories.People, role: str) -> None:
        made = comment(people.of(role), column="SURFACE")
        assert (made["column"], made["text"]) == ("SURFACE", "SURFACE in m²?")
        assert (made["standard"], made["version"]) == ("parcs", "2.0.0")
        assert (made["answer"], made["answered_at"]) == (None, None)
        assert listed(people.partner_member) == {"count": 1, "results": [made]}
        expected = {"partner_admin": "Lodévois", "department_admin": "Département de l'Hérault"}
        assert made["organization"] == expected.get(role, made["organization"])

    def test_no_person_is_named(self, people: factories.People) -> None:
        made = comment(people.partner_admin)
        assert people.partner_admin.id not in str(made)
        assert people.partner_admin.name not in str(made)

    @pytest.mark.parametrize("role", PUBLIC)
    def test_nobody_else(self, people: factories.People, role: str | None) -> None:
        with pytest.raises(tk.NotAuthorized):
            comment(who(people, role))
        with pytest.raises(tk.ObjectNotFound):
            listed(who(people, role))

    @pytest.mark.parametrize(
        ("field", "value", "told"),
        [
            ("column", "nom", "no column “nom”"),
            ("text", "", "Write what you want to say"),
            ("text", "  ", "Write what you want to say"),
            ("text", "x" * 4001, "Too long"),
            ("text", "<script>alert(1)</script>", "HTML is not accepted"),
            ("version", "nil !", "is not the number of a version"),
            ("standard", "", "Missing value"),
            ("person", "me", "Unknown field"),
        ],
    )
    def test_bad_input(self, people: factories.People, field: str, value: str, told: str) -> None:
        with pytest.raises(tk.ValidationError) as refusal:
            comment(people.partner_admin, **{field: value})
        assert told in factories.sentence_of(refusal, field)
        assert model.Session.scalar(sa.select(sa.func.count(StandardComment.id))) == 0

    def test_no_such_version(self, people: factories.People) -> None:
        with pytest.raises(tk.ObjectNotFound):
            comment(people.partner_admin, version="9.9.9")

    def test_until_the_last_day_included(
        self, people: factories.People, at: Callable[[str], None]
    ) -> None:
        at("2026-03-31")
        comment(people.partner_admin)
        at("2026-04-01")
        with pytest.raises(tk.ValidationError) as refusal:
            comment(people.partner_admin)
        assert "March 31, 2026" in factories.sentence_of(refusal, "version")
        assert listed(people.partner_admin)["count"] == 1

    def test_not_on_a_published_version(self, people: factories.People) -> None:
        publish()
        with pytest.raises(tk.ValidationError) as refusal:
            comment(people.partner_admin)
        assert "published" in factories.sentence_of(refusal, "version")

    def test_not_on_a_draft_that_is_not_out(self, people: factories.People) -> None:
        factories.version(standard="parcs", version="3.0.0")
        with pytest.raises(tk.ValidationError) as refusal:
            comment(people.department_admin, version="3.0.0")
        assert "not out for comment" in factories.sentence_of(refusal, "version")

    def test_answers(self, people: factories.People) -> None:
        made = comment(people.partner_admin)
        action = "heraultdata_standard_comment_answer"
        for role in PARTNERS + PUBLIC:
            with pytest.raises(tk.NotAuthorized):
                factories.act(who(people, role), action, id=made["id"], answer="Yes")
        for text in ("In hectares.", "In square metres."):
            answered = factories.act(people.department_admin, action, id=made["id"], answer=text)
            assert answered["answer"] == text
        [found] = listed(people.partner_member)["results"]
        assert (found["answer"], found["answered_at"]) == (text, answered["answered_at"])
        with pytest.raises(tk.ValidationError) as refusal:
            factories.act(people.department_admin, action, id=made["id"], answer=" ")
        assert factories.sentence_of(refusal, "answer") == "Write the answer to the comment."
        with pytest.raises(tk.ObjectNotFound):
            factories.act(people.department_admin, action, id="none", answer="Yes")

    def test_each_is_journaled(self, people: factories.People) -> None:
        made = comment(people.partner_admin, column="NOM")
        call_action("heraultdata_standard_comment_answer", id=made["id"], answer="Yes")
        lines = model.Session.scalars(
            sa.select(JournalEntry).order_by(sa.desc(JournalEntry.id)).limit(2)
        ).all()
        assert [line.action for line in lines] == [
            "standard.comment_answered",
            "standard.commented",
        ]
        assert {line.organization_id for line in lines} == {made["organization_id"]}
        assert lines[0].after == {"answer": "Yes"}

    def test_pages_of_the_list(self, people: factories.People) -> None:
        for rank in range(3):
            comment(people.partner_admin, text=f"Comment {rank}")
        found = factories.act(
            people.partner_admin, "heraultdata_standard_comment_list", **DRAFT, limit=1, offset=1
        )
        assert (found["count"], found["results"]) == (3, listed(people.sysadmin)["results"][1:2])

    @pytest.mark.parametrize("role", PUBLIC)
    def test_the_public_reads_once_published(
        self, people: factories.People, role: str | None, at: Callable[[str], None]
    ) -> None:
        made = comment(people.partner_admin)
        publish("2026-03-10")
        with pytest.raises(tk.NotAuthorized):
            listed(who(people, role))
        assert listed(people.other_partner_admin)["count"] == 1
        at("2026-03-10")
        assert listed(who(people, role))["results"] == [made]


@needs_site
@pytest.mark.usefixtures("draft")
class TestPages:
    @pytest.mark.parametrize("role", PARTNERS)
    def test_a_member_comments(self, app: CKANTestApp, people: factories.People, role: str) -> None:
        reader = Reader.of(app, people.of(role))
        shown = text_of(reader.get("/standard/parcs"))
        assert "Out for comment until March 31, 2026" in shown
        page = reader.get(COMMENTS)
        assert "Nobody has commented yet." in text_of(page)
        assert [text_of(code) for code in page.select("tbody th code")] == [
            "NOM",
            "SURFACE",
            "SIRET",
        ]
        assert page.find(id="field-comments_until") is None
        after = reader.post(COMMENTS, {"column": "SIRET", "text": "Compulsory?\nWhy?"})
        assert "The comment is recorded." in text_of(after)
        assert "Column SIRET" in text_of(after)
        assert "Not answered yet" in text_of(after)
        assert after.find("textarea", attrs={"name": "answer"}) is None

    def test_a_form_comes_back(self, app: CKANTestApp, people: factories.People) -> None:
        reader = Reader.of(app, people.partner_admin)
        page = reader.post(COMMENTS, {"column": "SIRET"}, status=400)
        assert "Write what you want to say" in error_of(page, "field-text")
        assert value_of(page, "field-column") == "SIRET"
        page = reader.post(COMMENTS, {"column": "X", "text": "Why?"}, status=400)
        assert "no column “X”" in error_of(page, "field-column")

    @pytest.mark.parametrize("role", PUBLIC)
    def test_nobody_else(
        self, app: CKANTestApp, people: factories.People, role: str | None
    ) -> None:
        reader = Reader.of(app, who(people, role))
        assert "2.0.0" not in text_of(reader.get("/standard/parcs"))
        reader.get("/standard/parcs?version=2.0.0", status=404)
        reader.get("/standard/parcs/2.0.0/schema.json", status=404)
        reader.get(COMMENTS, status=404)
        reader.post(COMMENTS, {"text": "Why?"}, status=403)
        reader.post(f"{COMMENTS}/period", {"comments_until": "2026-04-01"}, status=403)

    @pytest.mark.parametrize("role", DEPARTMENT)
    def test_the_department_sets_the_period(
        self, app: CKANTestApp, people: factories.People, role: str
    ) -> None:
        reader, member = Reader.of(app, people.of(role)), Reader.of(app, people.partner_admin)
        page = reader.post(f"{COMMENTS}/period", {"comments_until": "2026-01-01"}, status=400)
        assert "is past" in error_of(page, "field-comments_until")
        page = reader.post(f"{COMMENTS}/period", {"comments_until": "2026-04-15"})
        assert "until April 15, 2026, that day included" in text_of(page)
        page = reader.post(f"{COMMENTS}/period", {"comments_until": ""})
        assert "the département alone sees it" in text_of(page)
        member.get(COMMENTS, status=404)
        assert "Put out for comment" in text_of(reader.get("/standard/parcs"))

    def test_members_do_not_set_it(self, app: CKANTestApp, people: factories.People) -> None:
        reader = Reader.of(app, people.partner_admin)
        reader.post(f"{COMMENTS}/period", {"comments_until": "2026-04-15"}, status=403)

    def test_the_department_answers(self, app: CKANTestApp, people: factories.People) -> None:
        made = comment(people.partner_admin)
        reader, member = (
            Reader.of(app, user) for user in (people.department_admin, people.partner_admin)
        )
        page = reader.post(f"{COMMENTS}/{made['id']}", {"answer": ""}, status=400)
        assert "Write the answer" in error_of(page, f"field-answer-{made['id']}")
        page = reader.post(f"{COMMENTS}/{made['id']}", {"answer": "In square metres."})
        assert "Answer of the département" in text_of(page)
        reader.post(f"{COMMENTS}/none", {"answer": "Yes"}, status=404)
        member.post(f"{COMMENTS}/{made['id']}", {"answer": "Yes"}, status=403)

    def test_before_and_after_publication(
        self, app: CKANTestApp, people: factories.People, at: Callable[[str], None]
    ) -> None:
        made = comment(people.partner_admin, column="SURFACE", text="Which unit?")
        call_action("heraultdata_standard_comment_answer", id=made["id"], answer="Hectares.")
        department = Reader.of(app, people.department_admin)
        before = text_of(department.get("/standard/parcs/version/2.0.0/publish"))
        for words in ("What partners said of the draft", "Which unit?", "Hectares.", "Lodévois"):
            assert words in before
        publish()
        public = Reader(app)
        for address in ("/standard/parcs", COMMENTS):
            after = text_of(public.get(address))
            for words in ("Which unit?", "Hectares.", "Lodévois"):
                assert words in after
            assert people.partner_admin.display_name not in after

    def test_a_published_version_without_comments(self, app: CKANTestApp) -> None:
        publish()
        assert "What partners said" not in text_of(Reader(app).get("/standard/parcs"))

    def test_what_is_typed_is_shown_as_text(
        self, app: CKANTestApp, people: factories.People
    ) -> None:
        comment(people.partner_admin, text="1 < 2 & 3 > 2")
        page = Reader.of(app, people.partner_admin).get(COMMENTS)
        assert "1 < 2 & 3 > 2" in text_of(page)

    def test_french(self, app: CKANTestApp, people: factories.People) -> None:
        comment(people.partner_admin)
        page = text_of(Reader.of(app, people.department_admin).get(f"/fr{COMMENTS}"))
        assert "31 mars 2026" in page

    def test_queries_are_constant(self, app: CKANTestApp, people: factories.People) -> None:
        reader = Reader.of(app, people.department_admin)
        comment(people.partner_admin)
        reader.get(COMMENTS)
        with counted_queries() as for_one:
            reader.get(COMMENTS)
        for column in ("NOM", "SURFACE", None, "NOM", "SIRET"):
            comment(people.other_partner_admin, **({"column": column} if column else {}))
        with counted_queries() as for_six:
            page = reader.get(COMMENTS)
        assert "6 comments" in text_of(page)
        assert len(for_six) == len(for_one)
