"""CKAN's actions on datasets, mended for the pages of the form."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.scheming.plugins import expand_form_composite

Group = dict[str, object]


@tk.chained_action
def package_patch(next_action: Action, context: Context, data_dict: DataDict) -> object:
    """Take what a page of the form says of fields made of groups.

    The form sends `contact-0-name`; ckanext-scheming 3.1.0 makes groups of that only after CKAN has
    added those that the dataset has already, and what was typed is lost.
    """
    fields = _fields_of_groups()
    sent = {key.split("-")[0] for key in data_dict if "-" in key} & fields
    for name in sent:
        # One field at a time: with several it counts the groups of all of them together.
        expand_form_composite(data_dict, {name})
        groups: list[Group] = data_dict[name]
        data_dict[name] = [group for group in groups if any(group.values())]
    return next_action(context, data_dict)


def _fields_of_groups() -> set[str]:
    # A site may have schemas of its own, without this type.
    schema = tk.h.scheming_get_dataset_schema("dataset") or {"dataset_fields": ()}
    return {
        field["field_name"] for field in schema["dataset_fields"] if "repeating_subfields" in field
    }
