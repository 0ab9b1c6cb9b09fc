"""What the recording is, and what each property of it means for what can be assessed."""

from __future__ import annotations

from dataclasses import dataclass

from callqa.records import CallRecord, Recording
from callqa.report import names

_INFORMS = 0.25  # flags below this belong to the profile and limit nothing by themselves


@dataclass(frozen=True)
class Property:
    """One line of the profile. ``limited``: it keeps something from being assessed, or sure."""

    name: str
    value: str
    effect: str
    limited: bool


def limits(record: CallRecord) -> list[str]:
    """What keeps this call from showing more, in sentences."""
    found = [names.completeness_name(c) for c in record.completeness]
    return found + [q.why for q in record.quality if q.weight >= _INFORMS]


def profile(record: CallRecord) -> list[Property]:
    """Every property of the sound with its effect; [] where there is no sound."""
    if not record.recordings:
        return []
    r, told = record.recordings[0], {q.code: q.why for q in record.quality}

    def line(name: str, value: str, codes: str, fine: str) -> Property:
        effects = [told[code] for code in codes.split() if code in told]
        return Property(name, value, " ".join(effects) or fine, bool(effects))

    lines = [
        line("File", _file(r), "damaged not_a_number many_channels low_rate", "Read throughout."),
        line("Band", _band(r), "telephone_band", "Letters and names can be told apart."),
        line("Sides", names.LAYOUTS.get(r.layout, r.layout),
             "one_sided dual_mono one_channel leak", "Who speaks is known from the side."),
        line("Clipping", _share(r.clipped_share), "clipped", "Loud speech is whole."),
        line("Noise", "not known" if r.noise_db is None else f"{r.noise_db:.0f} dB below speech",
             "noisy", "Speech stands clear of it."),
        line("Speech", _share(r.speech_share), "little_speech", "Enough for shares and rates."),
        line("Music or tones", _share(r.music_share), "music", "Too little to matter."),
        line("Language", record.transcript.language, "language", "Its phrases are known."),
        line("Words", _words(record), "hard_to_hear unknown_speaker dropouts dropped_words",
             "Clear enough, and each has a speaker."),
    ]  # fmt: skip
    if r.level_gap_db is not None:
        gap = f"{abs(r.level_gap_db):.0f} dB between the sides"
        lines.insert(3, line("Level", gap, "level_gap", "Both sides are loud enough."))
    return [*lines, _kind(record), _whole(record)]


def _file(r: Recording) -> str:
    channels = "1 channel" if r.channels == 1 else f"{r.channels} channels"
    return f"{r.container.split(',')[0]}, {r.codec}, {r.sample_rate_hz / 1000:g} kHz, {channels}"


def _band(r: Recording) -> str:
    return {True: "telephone", False: "wide", None: "not known"}[r.telephone_band]


def _share(share: float | None) -> str:
    return "not known" if share is None else f"{share:.1%}"


def _words(record: CallRecord) -> str:
    count = sum(len(t.words) for t in record.transcript.turns)
    return f"{count} heard, {record.transcript.dropped_words} dropped"


def _kind(record: CallRecord) -> Property:
    effect = names.KIND_EFFECTS.get(record.kind)
    kind = names.KINDS.get(record.kind, record.kind)
    return Property("Kind", kind, effect or "Can be assessed as one.", effect is not None)


def _whole(record: CallRecord) -> Property:
    missing = " ".join(names.completeness_name(c) for c in record.completeness)
    value = "no" if missing else "as far as can be heard"
    return Property("Whole", value, missing or "Begins and ends in silence.", bool(missing))
