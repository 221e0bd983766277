"""Who sees a dataset: CKAN's permission labels, and none but the département's once withdrawn."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins as p
from ckan.lib.plugins import DefaultPermissionLabels
from ckan.types import Context

from .. import access
from . import hiding

WITHDRAWN = "heraultdata-withdrawn"
"""The only label of what is out of reach; the département's people have it."""


def of_dataset(package: model.Package, ours: object) -> list[str]:
    """The labels of a dataset.

    Args:
        package: the dataset.
        ours: the plugin that asks, passed over among those that give labels.
    """
    # Only what is deleted may be withdrawn: the others cost no query.
    if package.state == model.State.DELETED and hiding.of_packages([package.id]).package_ids:
        return [WITHDRAWN]
    return _others(ours).get_dataset_labels(package)


def of_user(user: model.User, ours: object) -> list[str]:
    """The labels of a user.

    Args:
        user: the user, possibly anonymous.
        ours: the plugin that asks, passed over among those that give labels.
    """
    labels = _others(ours).get_user_dataset_labels(user)
    if user and not user.is_anonymous and access.is_department(Context(user=user.name)):
        return [*labels, WITHDRAWN]
    return labels


def _others(ours: object) -> p.IPermissionLabels:
    # CKAN asks the first plugin only: a site that has another keeps its rules.
    for plugin in p.PluginImplementations(p.IPermissionLabels):
        if plugin is not ours:
            return plugin
    return DefaultPermissionLabels()  # pyright: ignore[reportReturnType]
