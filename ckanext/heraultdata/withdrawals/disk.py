"""Files moved and copied on the disks of this machine, so that a fall of it loses none."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PART = 1 << 20
"""Bytes read at once."""


@dataclass(frozen=True)
class Digest:
    """What tells bytes from others.

    Attributes:
        size: in bytes.
        sha256: in hexadecimal digits.
    """

    size: int
    sha256: str


def read(path: Path) -> Iterator[bytes]:
    """The bytes of a file, part by part.

    Args:
        path: where it is.
    """
    with path.open("rb") as file:
        while part := file.read(PART):
            yield part


def digest_of(parts: Iterable[bytes], size: int | None = None) -> Digest:
    """The digest of bytes.

    Args:
        parts: the bytes.
        size: how many of them count, all unless told.
    """
    hashed, read_so_far = hashlib.sha256(), 0
    for part in parts:
        counted = part if size is None else part[: size - read_so_far]
        hashed.update(counted)
        read_so_far += len(counted)
        if read_so_far == size:
            break
    return Digest(read_so_far, hashed.hexdigest())


def write(parts: Iterable[bytes], path: Path) -> Digest:
    """Write bytes to the disk itself, past its caches; what could not be written whole goes.

    Args:
        parts: the bytes.
        path: where they go.

    Returns:
        The digest of what was written.

    Raises:
        OSError: the disk did not take them.
    """
    hashed, size = hashlib.sha256(), 0
    try:
        with path.open("wb") as file:
            for part in parts:
                file.write(part)
                hashed.update(part)
                size += len(part)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Digest(size, hashed.hexdigest())


def renamed(path: Path, target: Path) -> bool:
    """Rename a file in one step, on the disk itself.

    Args:
        path: where it is.
        target: where it goes, in place of what is there.

    Returns:
        Whether it could be: False where they are on two disks.
    """
    try:
        path.replace(target)
    except OSError as error:
        if error.errno == errno.EXDEV:
            return False
        raise
    sync(target.parent)
    sync(path.parent)
    return True


def sync(folder: Path) -> None:
    """Have the disk itself know what stands in a folder; nothing where there is none."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """Remove a file, on the disk itself; nothing where there is none."""
    path.unlink(missing_ok=True)
    sync(path.parent)


def part_of(path: Path) -> Path:
    """Where a file is written before it takes its place in one step."""
    return path.with_name(f"{path.name}.part")
