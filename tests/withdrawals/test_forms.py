"""What the forms of withdrawals hold becomes the arguments of the API."""

from __future__ import annotations

from ckanext.heraultdata.withdrawals import forms
from ckanext.heraultdata.withdrawals.kinds import Scope

ONE = forms.Selection(Scope.DATASETS, ("a",), ("f",))


def test_a_member_asks_by_the_form_of_the_portal() -> None:
    data = forms.request_data(ONE, {"reason_class": "error", "urgent": "true"}, False)
    assert data == {
        "scope": "datasets",
        "package_ids": ["a"],
        "reason_class": "error",
        "reason": None,
        "urgent": True,
        "channel": "portal",
        "initiative": "partner",
    }


def test_a_member_cannot_say_that_it_is_the_departement() -> None:
    data = forms.request_data(ONE, {"origin": "department"}, False)
    assert data["initiative"] == "partner"


def test_the_departement_records_a_letter_with_its_date() -> None:
    typed = {"origin": "letter", "received_on": "2026-11-02"}
    data = forms.request_data(ONE, typed, True)
    assert (data["channel"], data["initiative"]) == ("letter", "partner")
    assert data["received_on"] == "2026-11-02"


def test_its_own_decision_came_by_no_letter() -> None:
    data = forms.request_data(ONE, {"origin": "department", "received_on": "2026-11-02"}, True)
    assert (data["channel"], data["initiative"]) == ("portal", "department")
    assert "received_on" not in data


def test_files_and_all_send_what_they_are_about_only() -> None:
    files = forms.request_data(forms.Selection(Scope.RESOURCES, ("a",), ("f", "g")), {}, False)
    assert (files.get("package_ids"), files["resource_ids"]) == (None, ["f", "g"])
    everything = forms.request_data(forms.Selection(Scope.ALL), {}, False)
    assert "package_ids" not in everything
    assert "resource_ids" not in everything


def test_a_thousand_datasets_travel_in_one_field() -> None:
    ids = tuple(f"id-{rank}" for rank in range(1000))
    field = forms.Selection(Scope.DATASETS, ids).package_ids_in_a_field
    again = forms.selection_of({"scope": "datasets", "package_ids": field}, [])
    assert again.package_ids == ids


def test_an_unknown_button_or_scope_is_none_that_could_do_more() -> None:
    assert forms.step_of({"step": "execute"}) is forms.Step.SEND
    assert forms.selection_of({"scope": "everything"}, []).scope is Scope.DATASETS


def test_an_error_of_the_channel_stands_at_the_field_that_gives_it() -> None:
    errors = forms.errors_by_field({"channel": ["One."], "initiative": ["Two."], "reason": ["R."]})
    assert errors == {"origin": ["One.", "Two."], "reason": ["R."]}
