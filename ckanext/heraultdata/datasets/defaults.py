"""What a new dataset takes from the organisation that publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import territories

LOCAL_AUTHORITY = "http://purl.org/adms/publishertype/LocalAuthority"
_GRANULARITIES = {
    "commune": "communale",
    "epci": "intercommunale",
    "department": "departementale",
}


@dataclass(frozen=True)
class Partner:
    """What the defaults are made of: an organisation's own fields.

    Attributes:
        title: its name.
        partner_type: `department`, `epci`, `commune`, `other`, or empty.
        siren: its SIREN, or empty.
        siret: the SIRET of its seat, or empty.
        insee_code: a commune's code, or empty.
        email: its public address, or empty.
        website: its site, or empty.
    """

    title: str
    partner_type: str = ""
    siren: str = ""
    siret: str = ""
    insee_code: str = ""
    email: str = ""
    website: str = ""

    @classmethod
    def of(cls, title: str, extras: Mapping[str, str]) -> Partner:
        """Make it of an organisation's title and of its other fields."""
        names = ("partner_type", "siren", "siret", "insee_code", "email", "website")
        return cls(title=title, **{name: extras.get(name) or "" for name in names})


def publisher(partner: Partner) -> dict[str, str]:
    """The publisher (dct:publisher): the organisation itself."""
    return _filled(
        name=partner.title,
        identifier=partner.siret or partner.siren,
        email=partner.email,
        url=partner.website,
        type=LOCAL_AUTHORITY if partner.partner_type else "",
    )


def contact(partner: Partner) -> dict[str, str]:
    """The contact (dcat:contactPoint), empty where the organisation gives no way to reach it."""
    if not (partner.email or partner.website):
        return {}
    return _filled(name=partner.title, email=partner.email, url=partner.website)


def territory(partner: Partner, department: str) -> dict[str, str]:
    """The territory covered (dct:spatial), empty where the organisation is of no known place.

    Args:
        partner: the organisation.
        department: number of the département.

    Returns:
        Its `code` and `text` (name), and `uri` where INSEE has one made from the code.
    """
    codes = {
        "commune": partner.insee_code,
        "epci": partner.siren,
        "department": department,
    }
    code = codes.get(partner.partner_type, "")
    if not code:
        return {}
    return _filled(
        code=code,
        text=territories.name_of(code) or partner.title,
        uri=territories.address_of(code) or "",
    )


def granularity(partner: Partner) -> str:
    """The level of the data in the words of the SCDL catalogue, empty where it is not known."""
    return _GRANULARITIES.get(partner.partner_type, "")


def _filled(**values: str) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
