"""File operations that survive a power cut: written beside, flushed, then renamed into place."""

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import yaml

TEMPORARY_SUFFIX = ".tmp"
_COPY_CHUNK_BYTES = 1 << 30


def temporary_name(path: Path) -> Path:
    """Return the name under which a file is written before it takes its place."""
    return path.with_name(f".{path.name}{TEMPORARY_SUFFIX}")


def flush_folder(folder: Path) -> None:
    """Make the names inside a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_file(path: Path) -> None:
    """Make the content of a file durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(temporary: Path, path: Path) -> None:
    """Flush a finished temporary file and rename it over its final name."""
    flush_file(temporary)
    temporary.replace(path)
    flush_folder(path.parent)


def write_text(path: Path, text: str, mode: int = 0o644) -> None:
    """Write a small text file so that readers see the old content or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    put_in_place(temporary, path)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a JSON document atomically."""
    write_text(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON document that holds an object."""
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def copy_file(source: Path, target: Path) -> None:
    """Copy a big file, sharing its blocks where the file system can."""
    with source.open("rb") as reader, target.open("wb") as writer:
        remaining = os.fstat(reader.fileno()).st_size
        try:
            while remaining > 0:
                copied = os.copy_file_range(
                    reader.fileno(), writer.fileno(), min(remaining, _COPY_CHUNK_BYTES)
                )
                if copied == 0:
                    break
                remaining -= copied
        except OSError as error:
            if error.errno not in {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}:
                raise
            reader.seek(0)
            writer.seek(0)
            shutil.copyfileobj(reader, writer, 16 << 20)


def read_yaml(path: Path) -> Any:
    """Read a YAML file of the project, by libyaml where it is there: several times as fast."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
