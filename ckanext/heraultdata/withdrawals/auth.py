"""Who may ask for, handle and read withdrawals."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access
from ..messages import Message
from ..words import sentence
from . import refusals, requests
from .kinds import Channel, Initiative


def heraultdata_withdrawal_create(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's members by the form of the portal (article 7); the département in any way."""
    if access.is_department(context):
        return {"success": True}
    if not access.is_partner_member(context, data_dict["organization_id"]):
        return _refused_to_others()
    if data_dict.get("channel", Channel.PORTAL) is not Channel.PORTAL:
        return _refused(refusals.ONLY_PORTAL)
    if data_dict.get("initiative", Initiative.PARTNER) is not Initiative.PARTNER:
        return _refused(refusals.ONLY_PARTNER)
    if "received_on" in data_dict:
        return _refused(refusals.RECEIVED_TODAY)
    return {"success": True}


def heraultdata_withdrawal_show(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The members of the partner that it is about, the département."""
    request = requests.get(data_dict["id"])
    if access.is_department(context) or _is_member(context, request):
        return {"success": True}
    return _refused_to_others()


def heraultdata_withdrawal_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Members what is their own, the département everything."""
    readable = access.organizations_read_in_full(context)
    organization_id = data_dict.get("organization_id")
    may = (
        readable.everything or bool(readable.organization_ids)
        if organization_id is None
        else readable.includes(organization_id)
    )
    return {"success": True} if may else _refused_to_others()


def heraultdata_withdrawal_cancel(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The partner's members what is of the partner's initiative, the département."""
    if access.is_department(context):
        return {"success": True}
    request = requests.get(data_dict["id"])
    if not _is_member(context, request):
        return _refused_to_others()
    if request.initiative is not Initiative.PARTNER:
        return _refused(refusals.ONLY_DEPARTMENT_CANCELS)
    return {"success": True}


def heraultdata_withdrawal_confirm(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _of_department(context)


def heraultdata_withdrawal_execute(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _of_department(context)


def heraultdata_withdrawal_reject(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _of_department(context)


def heraultdata_withdrawal_restore(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département."""
    return _of_department(context)


def heraultdata_withdrawal_erase(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """Sysadmins, whom CKAN does not ask about."""
    return {
        "success": False,
        "msg": tk._("Only a system administrator may destroy what is withdrawn."),
    }


def _is_member(context: Context, request: requests.RequestRecord) -> bool:
    return access.is_partner_member(context, request.organization_id)


def _of_department(context: Context) -> AuthResult:
    return access.of_department(context, tk._("Only the département handles withdrawals."))


def _refused_to_others() -> AuthResult:
    return {
        "success": False,
        "msg": tk._("This is for the partner's members and the département only."),
    }


def _refused(message: Message) -> AuthResult:
    return {"success": False, "msg": sentence(message)}
