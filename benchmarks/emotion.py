"""Signs of emotion on acted sentences (RAVDESS at telephone rate).

Each actor's usual voice is taken from four neutral or calm sentences, which are then left out.
Whoever cannot be measured counts as showing no sign. Settings were chosen on actors 1–6; actors
7–12 are what is reported.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from callqa.detect.arousal import arousal, is_raised
from callqa.listen import audio
from callqa.listen.prosody import relative
from callqa.listen.voicing import Voiced, usual_manner, voiced_frames
from callqa.records import TurnProsody

CALM, AROUSED, SAD, ANGRY = (1, 2), (3, 5, 6, 8), 4, 5
NO_SIGN = -1e9


@dataclass(frozen=True)
class Clip:
    """One acted sentence; ``emotion`` as RAVDESS numbers it."""

    emotion: int
    strong: bool
    statement: int
    repetition: int
    actor: int
    voiced: Voiced


@dataclass(frozen=True)
class Figures:
    """What the signs are worth, on one set of actors."""

    aroused_auc: float
    angry_auc: float
    abstained: float
    calm_flagged: float
    strong_angry_flagged: float
    restrained_sad_low_auc: float  # of being low: at one half, nothing low is a sign of sadness
    seconds: float


def read_clips(folder: Path, actors: Iterable[int], *, one_level: bool = False) -> list[Clip]:
    """The sentences of some actors; ``one_level``: each brought to the same level first."""
    wanted, clips = set(actors), []
    for path in sorted(folder.glob("*.flac")):
        fields = [int(f) for f in path.stem.split("-")]
        if fields[6] in wanted:
            samples = audio.load(path).samples[0]
            if one_level:
                samples = samples * np.float32(0.05 / np.sqrt(np.mean(samples**2) + 1e-12))
            voiced, _ = voiced_frames(samples)
            clips.append(Clip(fields[2], fields[3] == 2, *fields[4:7], voiced))
    return clips


def baseline(own: list[Clip]) -> list[Clip]:
    """Four of one actor's sentences: of each statement one neutral and one calm."""
    return [
        c for c in own if c.emotion in CALM and not c.strong and c.repetition == 1
    ]  # fmt: skip


def measured(clips: list[Clip]) -> list[tuple[Clip, TurnProsody]]:
    """Each sentence against its actor's usual, the baseline left out."""
    out = []
    for actor in sorted({c.actor for c in clips}):
        own = [c for c in clips if c.actor == actor]
        base = baseline(own)
        usual = usual_manner([c.voiced for c in base])
        out += [(c, relative(0, c.voiced, usual)) for c in own if c not in base]
    return out


def figures(clips: list[Clip]) -> Figures:
    """AUC, abstentions, and what the shipped threshold flags."""
    from sklearn.metrics import roc_auc_score

    rows = measured(clips)
    scores = np.array([NO_SIGN if (s := arousal(p)) is None else s for _, p in rows])
    raised = np.array([is_raised(p) for _, p in rows])
    emotion = np.array([c.emotion for c, _ in rows])
    strong = np.array([c.strong for c, _ in rows])
    calm, aroused, angry = np.isin(emotion, CALM), np.isin(emotion, AROUSED), emotion == ANGRY

    def auc(those: np.ndarray) -> float:
        return float(roc_auc_score(those[calm | those], scores[calm | those]))

    return Figures(
        auc(aroused),
        auc(angry),
        float((scores == NO_SIGN).mean()),
        float(raised[calm].mean()),
        float(raised[angry & strong].mean()),
        1 - auc((emotion == SAD) & ~strong),
        sum(c.voiced.seconds for c in clips),
    )


def main() -> None:
    """Both halves, for whoever changes the formula."""
    import sys

    folder = Path(sys.argv[1]) / "ravdess"
    for actors in [range(1, 7)] + ([range(7, 13)] if "--report" in sys.argv else []):
        for one_level in (False, True):
            print(actors, "one level" if one_level else "as it is", end=" ")
            print(figures(read_clips(folder, actors, one_level=one_level)))


if __name__ == "__main__":
    main()
