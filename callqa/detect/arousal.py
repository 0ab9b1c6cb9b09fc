"""How roused a voice sounds against the same voice's usual: one number from three measures.

The formula is a plain sum in round units, chosen on acted sentences of six speakers (RAVDESS
actors 1–6) and reported on six others (`python -m benchmarks.emotion`). A roused voice is higher
where it is stressed, louder, and flatter in its spectrum (more vocal effort gives more energy
above 1 kHz). The direction of each is long known (Banse & Scherer 1996, “Acoustic profiles in
vocal emotion expression”, Journal of Personality and Social Psychology 70; Traunmüller & Eriksson
2000, “Acoustic effects of variation in vocal effort by men, women, and children”, Journal of the
Acoustical Society of America 107).

It tells how roused, not whether glad or angry: pleasant surprise and joy raise the voice as anger
does. Which of these it is, is left to the words. Nor does it tell sadness: acted sad sentences
lie no lower than calm ones when they are restrained, and far higher when they are not.
"""

from __future__ import annotations

from callqa.records import TurnProsody

PITCH_ST = 3.0
LEVEL_DB = 2.0
TILT_DB = 1.0
RAISED = 6.0
AGREES = 1.0  # of its own unit, at which one measure points up
LEAST_VOICED_S = 0.4


def arousal(spoken: TurnProsody) -> float | None:
    """Roused above 0, usual near 0; None where too little voice was measured."""
    parts = _parts(spoken)
    return None if parts is None else sum(parts)


def agreeing(spoken: TurnProsody) -> int:
    """How many of the three measures point up.

    One measure alone may be the telephone (level), a question (pitch) or the line (tilt).
    """
    return sum(part >= AGREES for part in _parts(spoken) or ())


def is_raised(spoken: TurnProsody, *, usual: float = 0.0, limit: float = RAISED) -> bool:
    """Whether a voice stands out as raised, ``usual`` being the speaker's usual arousal."""
    score = arousal(spoken)
    return score is not None and score - usual >= limit and agreeing(spoken) >= 2


def _parts(spoken: TurnProsody) -> tuple[float, float, float] | None:
    pitch, level, tilt = spoken.pitch_high_st, spoken.level_db, spoken.tilt_db
    if pitch is None or level is None or tilt is None or spoken.voiced_s < LEAST_VOICED_S:
        return None
    return pitch / PITCH_ST, level / LEVEL_DB, tilt / TILT_DB
