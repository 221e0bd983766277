"""Each check of a form field, with what it takes and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.types import FlattenDataDict

from ckanext.heraultdata.datasets import file_validators, filling, validators

CHOICES = {
    "field_name": "level",
    "choices": [{"value": "a", "label": "A"}, {"value": "b", "label": "B"}],
}
SHA256 = "https://spdx.org/rdf/terms/#checksumAlgorithm_sha256"


def errors_of(
    validator: Callable[..., object], key: tuple[Any, ...], data: FlattenDataDict
) -> list[str]:
    errors: dict[tuple[Any, ...], list[str]] = {key: []}
    try:
        validator(key, data, errors, {})
    except tk.StopOnError:
        assert errors[key], "it stops on an error that it does not tell"
    return errors[key]


@pytest.mark.parametrize(
    ("given", "taken"),
    [("0", 0), (42, 42), ("42 520", 42520), ("42\u202f520", 42520), ("", None), (None, None)],
)
def test_whole_number_is_taken(given: object, taken: int | None) -> None:
    assert validators.heraultdata_whole_number(given) == taken


@pytest.mark.parametrize("given", ["-1", "3.5", "1e3", "douze", "²", True, "9" * 30, [1]])
def test_whole_number_is_refused(given: object) -> None:
    with pytest.raises(tk.Invalid, match="whole number"):
        validators.heraultdata_whole_number(given)


@pytest.mark.parametrize(
    "given", ["https://www.commune.example", "http://a.example/x?y=1#z", "https://é.example/à"]
)
def test_url_is_taken(given: str) -> None:
    assert validators.heraultdata_url(f" {given} ") == given


@pytest.mark.parametrize(
    "given",
    [
        "www.commune.example",
        "commune.example/data",
        "javascript:alert(1)",
        "https://",
        "https:///x",
        "http://a b.example",
        "http://[::1",
        'https://a.example/"><script>',
        "https://a.example/" + "x" * 2000,
    ],
)
def test_url_is_refused(given: str) -> None:
    with pytest.raises(tk.Invalid, match="web address"):
        validators.heraultdata_url(given)


def test_each_url_is_looked_at() -> None:
    assert validators.heraultdata_each_url('["https://a.example"]') == '["https://a.example"]'
    with pytest.raises(tk.Invalid, match=r"b\.example"):
        validators.heraultdata_each_url('["https://a.example", "b.example"]')


@pytest.mark.parametrize("kept", ["upload", "datastore", "tabledesigner"])
def test_name_of_a_file_kept_here_is_no_address(kept: str) -> None:
    key = ("resources", 0, "url")
    data = {key: "d.csv", ("resources", 0, "url_type"): kept}
    assert errors_of(validators.heraultdata_file_url, key, data) == []


@pytest.mark.parametrize("kind", [tk.missing, "", None, "other"])
def test_address_of_a_file_elsewhere_has_a_scheme(kind: object) -> None:
    key = ("resources", 0, "url")
    data = {key: "www.commune.example/d.csv", ("resources", 0, "url_type"): kind}
    assert "https://" in errors_of(validators.heraultdata_file_url, key, data)[0]


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("34010", "34010"),
        ("2a004", "2A004"),
        ("75056", "75056"),
        ("34", "34"),
        ("974", "974"),
        ("243 400 694", "243400694"),
    ],
)
def test_place_code_is_taken(given: str, taken: str) -> None:
    assert validators.heraultdata_place_code(given) == taken


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("34999", "No commune of the département"),
        ("3401", "not a code"),
        ("Aniane", "not a code"),
        ("2C001", "not a code"),
        ("243400695", "key is wrong"),
    ],
)
def test_place_code_is_refused(given: str, sentence: str) -> None:
    with pytest.raises(tk.Invalid, match=sentence):
        validators.heraultdata_place_code(given)


def test_name_and_address_of_a_place_follow_from_its_code() -> None:
    name, uri = ("spatial_coverage", 0, "text"), ("spatial_coverage", 0, "uri")
    data = {("spatial_coverage", 0, "code"): "34010", name: tk.missing, uri: ""}
    assert errors_of(filling.heraultdata_place_name, name, data) == []
    assert errors_of(filling.heraultdata_place_uri, uri, data) == []
    assert (data[name], data[uri]) == ("Aniane", "http://id.insee.fr/geo/commune/34010")


def test_name_of_a_place_that_was_typed_stays() -> None:
    key = ("spatial_coverage", 0, "text")
    data = {("spatial_coverage", 0, "code"): "34010", key: "Aniane et ses hameaux"}
    assert errors_of(filling.heraultdata_place_name, key, data) == []
    assert data[key] == "Aniane et ses hameaux"


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("2024-01-01", "2024-01-01", False),
        ("2024-01-01", "2025-01-01", False),
        ("2024-01-02", "2024-01-01", True),
        (tk.missing, "2024-01-01", False),
        ("2024-01-02", "", False),
        ("02/01/2024", "2024-01-01", False),
    ],
)
def test_last_day_is_not_before_the_first(first: object, last: object, refused: bool) -> None:
    key = ("temporal_coverage", 0, "end")
    data = {("temporal_coverage", 0, "start"): first, key: last}
    assert bool(errors_of(validators.heraultdata_not_before("start"), key, data)) is refused


@pytest.mark.parametrize(
    ("given", "algorithm", "kept"),
    [
        (
            "d41d8cd98f00b204e9800998ecf8427e",
            tk.missing,
            "https://spdx.org/rdf/terms/#checksumAlgorithm_md5",
        ),
        ("A" * 64, "", SHA256),
        ("a" * 64, SHA256, SHA256),
        ("abc", "", ""),
    ],
)
def test_checksum_is_taken(given: str, algorithm: object, kept: str) -> None:
    key, other = ("resources", 0, "hash"), ("resources", 0, "hash_algorithm")
    data = {key: given, other: algorithm}
    assert errors_of(file_validators.heraultdata_checksum, key, data) == []
    assert (data[key], data[other]) == (given.lower(), kept)


@pytest.mark.parametrize(("given", "sentence"), [("xyz", "0 to 9"), ("ab" * 16, "32 digits")])
def test_checksum_is_refused(given: str, sentence: str) -> None:
    key = ("resources", 0, "hash")
    data = {key: given, ("resources", 0, "hash_algorithm"): SHA256}
    assert sentence in errors_of(file_validators.heraultdata_checksum, key, data)[0]


@pytest.mark.parametrize("given", ["scdl-deliberations", "a", "irve-statique-2"])
def test_name_of_a_standard_is_taken(given: str) -> None:
    assert validators.heraultdata_standard_name(given) == given


@pytest.mark.parametrize("given", ["SCDL", "scdl_deliberations", "-scdl", "scdl/x", "a" * 101, "é"])
def test_name_of_a_standard_is_refused(given: str) -> None:
    with pytest.raises(tk.Invalid, match="name of a standard"):
        validators.heraultdata_standard_name(given)


@pytest.mark.parametrize("given", ["243400694", "243 400 694", "24340069400106"])
def test_siret_or_siren_is_refused_or_taken_by_its_key(given: str) -> None:
    wrong = given[:-1] + str((int(given[-1]) + 1) % 10)
    with pytest.raises(tk.Invalid):
        validators.heraultdata_siret_or_siren(wrong)


def test_siren_stands_where_a_siret_is_asked() -> None:
    assert validators.heraultdata_siret_or_siren("243 400 694") == "243400694"


def test_choice_outside_the_list_is_refused_with_the_list() -> None:
    choice: Any = validators.heraultdata_choice(CHOICES, {})
    assert choice("a") == "a"
    with pytest.raises(tk.Invalid, match=r"c is not in the list\. Choose among: a, b\."):
        choice("c")


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (tk.missing, "[]"),
        (None, "[]"),
        ("", "[]"),
        ([""], "[]"),
        ("b", '["b"]'),
        (["", "b", "a"], '["a", "b"]'),
        ('["b"]', '["b"]'),
    ],
)
def test_choices_are_taken_in_the_order_of_the_list(given: object, taken: str) -> None:
    choices: Any = validators.heraultdata_choices(CHOICES, {})
    assert choices(given) == taken


@pytest.mark.parametrize("given", ["c", ["a", "c"], {"a": 1}, 3, [["a"]]])
def test_choices_outside_the_list_are_refused(given: object) -> None:
    choices: Any = validators.heraultdata_choices(CHOICES, {})
    with pytest.raises(tk.Invalid):
        choices(given)


@pytest.mark.parametrize(
    ("phase", "state", "asked"),
    [
        (None, "active", True),
        (None, tk.missing, True),
        (None, "draft", False),
        (["dataset_new_1", "1"], "draft", True),
        (["dataset_new_1", "2"], "draft", False),
        ("1", "draft", True),
    ],
)
@pytest.mark.parametrize("empty", [tk.missing, "", None, "   "])
def test_compulsory_field_is_asked_for(
    phase: object, state: object, asked: bool, empty: object
) -> None:
    data = {("notes",): empty, ("state",): state, ("__extras",): {"_ckan_phase": phase}}
    ask: Any = validators.heraultdata_compulsory({"label": {"en": "Description"}}, {})
    told = errors_of(ask, ("notes",), data)
    assert told == (["“Description” is compulsory: fill it in."] if asked else [])


def test_field_compulsory_in_the_form_alone_is_not_asked_of_programs() -> None:
    key = ("theme",)
    ask: Any = validators.heraultdata_compulsory_in_form({"label": "Themes"}, {})
    assert errors_of(ask, key, {key: "[]"}) == []
    assert errors_of(ask, key, {key: "[]", ("__extras",): {"_ckan_phase": "1"}}) != []
    assert errors_of(ask, key, {key: '["a"]', ("__extras",): {"_ckan_phase": "1"}}) == []


@pytest.mark.parametrize("categories", [["x"], "x", ["", "x"]])
def test_high_value_data_names_the_regulation(categories: object) -> None:
    key = ("applicable_legislation",)
    data = {key: '["https://a.example"]', ("hvd_category",): categories}
    assert errors_of(filling.heraultdata_high_value_legislation, key, data) == []
    assert data[key] == f'["https://a.example", "{filling.HIGH_VALUE_REGULATION}"]'
    assert errors_of(filling.heraultdata_high_value_legislation, key, data) == []
    assert data[key].count(filling.HIGH_VALUE_REGULATION) == 1


@pytest.mark.parametrize("categories", [tk.missing, "", [], [""], None])
def test_other_data_does_not(categories: object) -> None:
    key = ("applicable_legislation",)
    data = {key: "[]", ("hvd_category",): categories}
    assert errors_of(filling.heraultdata_high_value_legislation, key, data) == []
    assert data[key] == "[]"


@pytest.mark.parametrize("given", ["", "eau", "conseil municipal, délibération", "a-b,c.d,"])
def test_keywords_are_taken(given: object) -> None:
    key = ("tag_string",)
    assert errors_of(validators.heraultdata_keywords, key, {key: given}) == []


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ("eau, l'assainissement", "l'assainissement"),
        ("a", "a"),
        ("x" * 101, "x" * 100),
        ("<b>", "<b>"),
    ],
)
def test_keywords_are_refused(given: str, wrong: str) -> None:
    key = ("tag_string",)
    (told,) = errors_of(validators.heraultdata_keywords, key, {key: given})
    assert f"“{wrong}”" in told


@pytest.mark.parametrize("given", [3, True, ["eau"], {"eau": 1}])
def test_keywords_are_text(given: object) -> None:
    key = ("tag_string",)
    assert errors_of(validators.heraultdata_keywords, key, {key: given}) == ["Write text here."]
