"""Validators of files whose answer depends on several of their fields."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from flask import has_request_context

from .validators import is_empty

_HEXADECIMAL = re.compile(r"[0-9a-f]+")
_ALGORITHM = "https://spdx.org/rdf/terms/#checksumAlgorithm_"
_DIGITS_BY_ALGORITHM = {
    _ALGORITHM + "md5": 32,
    _ALGORITHM + "sha1": 40,
    _ALGORITHM + "sha256": 64,
    _ALGORITHM + "sha512": 128,
}


def heraultdata_file_of_standard(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Ask the form of a file for the file: what it proposes by itself does not make one."""
    address = (*key[:-1], "url")
    if is_empty(data.get(key)) or not is_empty(data.get(address)) or not _comes_from_form():
        return
    errors.setdefault(address, []).append(
        tk._(
            "Choose the file to publish, or give its link. "
            "To finish without a file, choose no standard and leave the title empty."
        )
    )


def _comes_from_form() -> bool:
    return has_request_context() and "save" in tk.request.form


def heraultdata_checksum(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Take a checksum in hexadecimal, as long as its algorithm makes it; guess the algorithm."""
    value = data.get(key)
    if is_empty(value):
        return
    checksum = str(value).strip().lower()
    if not _HEXADECIMAL.fullmatch(checksum):
        errors[key].append(tk._("A checksum is made of the digits 0 to 9 and a to f only."))
        return
    data[key] = checksum
    algorithm_key = (*key[:-1], "hash_algorithm")
    algorithm = data.get(algorithm_key)
    if is_empty(algorithm):
        data[algorithm_key] = _algorithm_with(len(checksum))
        return
    digits = _DIGITS_BY_ALGORITHM.get(str(algorithm))
    if digits and digits != len(checksum):
        errors[key].append(
            tk._("This checksum has {given} digits; its algorithm makes {digits}.").format(
                given=len(checksum), digits=digits
            )
        )


def _algorithm_with(digits: int) -> str:
    matching = (name for name, length in _DIGITS_BY_ALGORITHM.items() if length == digits)
    return next(matching, "")
