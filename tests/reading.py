"""Reading the pages of the portal as a user does: what a page says, what its forms hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag
from ckan import model
from ckan.tests.helpers import CKANTestApp
from sqlalchemy import event
from werkzeug.test import TestResponse

from tests import factories


@dataclass
class Reader:
    """A user, or a visitor without one, in front of the portal.

    Attributes:
        app: the portal.
        headers: what says who the user is.
    """

    app: CKANTestApp
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, app: CKANTestApp, user: model.User | None) -> Reader:
        """The reader that a user is; None for a visitor."""
        return cls(app, {"Authorization": factories.token(user)} if user else {})

    def get(self, address: str, status: int = 200) -> BeautifulSoup:
        """The page at an address, which must answer with that status."""
        return _parsed(self.app.get(address, headers=self.headers, status=status))

    def post(
        self, address: str, form: Mapping[str, object] | None = None, status: int = 200
    ) -> BeautifulSoup:
        """The page after a form was sent, redirections followed."""
        answer = self.app.post(address, data=dict(form or {}), headers=self.headers, status=status)
        return _parsed(answer)


def text_of(page: Tag) -> str:
    """The text of a page, its blanks made one."""
    return " ".join(page.get_text(" ").split())


def value_of(page: Tag, field_id: str) -> str:
    """What the field of that id holds."""
    found = page.find(id=field_id)
    assert isinstance(found, Tag), f"there is no field {field_id}"
    if found.name == "textarea":
        return found.get_text()
    if found.name == "select":
        chosen = found.find("option", selected=True)
        return str(chosen["value"]) if isinstance(chosen, Tag) else ""
    return str(found.get("value", ""))


def error_of(page: Tag, field_id: str) -> str:
    """The sentence beside the field of that id, which the field must name and the summary link."""
    sentence = page.find(id=f"{field_id}-error")
    assert isinstance(sentence, Tag), f"no error stands beside {field_id}"
    assert page.find("a", href=f"#{field_id}"), f"no summary links to {field_id}"
    return text_of(sentence)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The SQL statements sent to the database meanwhile."""
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(model.meta.engine, "before_cursor_execute", count)
    try:
        yield statements
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", count)


def _parsed(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")
