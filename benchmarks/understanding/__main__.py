"""How well detections agree with people's labels, as tables.

    python -m benchmarks.understanding [--on SOURCE] [--family F] [--final]
                                       [--confusions PATH] [--plot PATH] [--speed]

``docs/evaluation.md`` tells what is measured on what. The parts that are kept back for the final
figure are left alone unless ``--final`` adds them. ``--confusions`` writes what disagrees, with
its words, to a file of your own.
"""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from audio_samples import script
from benchmarks.understanding import (
    calibration,
    oasis,
    questions,
    report,
    samples,
    speed,
    transcripts,
    utterances,
)
from benchmarks.understanding.mapping import FORM, MAPPINGS
from benchmarks.understanding.verdicts import Verdict, write_confusions
from callqa.detect.engine import Engine, load_engine

ROOT = Path(__file__).resolve().parents[2]
OASIS = Path(
    os.environ.get("CALLQA_SHARED_DATA", ROOT.parent / "shared" / "data"), "oasis/dev.jsonl"
)
SOURCES = ("transcripts", "oasis", "samples", "utterances")


def main() -> None:
    options = _options()
    engine = load_engine(ROOT / "lexicons")
    if options.speed:
        _speed(engine)
        return
    sources = options.on or SOURCES
    wrong: list[Verdict] = []
    for final in (False, True) if options.final else (False,):
        print(f"\n======== {'kept back for the final figure' if final else 'open part'}")
        asked: list[Verdict] = []
        if "transcripts" in sources:
            found = _transcripts(engine, options.family, final=final)
            wrong += found
            asked += [v for v in found if v.family == "question"]
            if options.plot and final == options.final:
                name = f"invented calls{' kept back' if final else ''}"
                calibration.plot(options.plot, found, name)
        if "oasis" in sources:
            found, labelled = _oasis(engine, options.family, final=final)
            wrong += found
            asked += labelled
            wrong += labelled
        if asked:
            _functions(asked)
        if "utterances" in sources:
            _utterances(engine, options.family, final=final)
    if "samples" in sources:
        wrong += _samples(engine, options.family)
    if options.confusions:
        count = write_confusions(options.confusions, wrong)
        print(f"\n{count} disagreements are in {options.confusions}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--on", choices=SOURCES, action="append", help="only this source")
    parser.add_argument("--family", default="", help="only labels whose name starts so")
    parser.add_argument("--final", action="store_true", help="add the parts kept back")
    parser.add_argument("--confusions", type=Path, help="write what disagrees here, as TSV")
    parser.add_argument("--plot", type=Path, help="draw confidence against precision: SVG or PNG")
    parser.add_argument("--speed", action="store_true", help="only turns a second on one core")
    return parser.parse_args()


def _transcripts(engine: Engine, family: str, *, final: bool) -> list[Verdict]:
    """Print the invented transcripts' figures; returns what they come from."""
    loaded = transcripts.load(final=final)
    everything = transcripts.verdicts(list(transcripts.read_all(engine, loaded)))
    found = [v for v in everything if v.label.startswith(family)]
    print(f"\n{len(loaded)} invented transcripts; listening.backchannel counts as "
          "listening.acknowledgement\n")  # fmt: skip
    report.transcripts(found, [t.id for t in loaded])
    report.confidence(found)
    return found


def _oasis(engine: Engine, family: str, *, final: bool) -> tuple[list[Verdict], list[Verdict]]:
    """Print the real calls' figures; returns what they and the questions' come from."""
    names = {m.name for m in (*MAPPINGS, FORM) if family in m.labels}
    if not OASIS.is_file():
        print(f"\nNo real calls: {OASIS} is absent. Set CALLQA_SHARED_DATA to the folder that "
              "holds oasis/.")  # fmt: skip
        return [], []
    if not names:
        return [], []
    loaded = oasis.load(OASIS, final=final)
    first = questions.read_labels(questions.FIRST) if questions.FIRST.is_file() else {}
    report.mapping()
    print(f"\n{len(loaded)} real calls")
    both: list[Verdict] = []
    asked: list[Verdict] = []
    for joined in (False, True):
        pairs = [oasis.detect(engine, call, joined=joined) for call in loaded]
        found = [v for p in pairs for v in oasis.verdicts(p) if v.label in names]
        report.oasis(found, [call["call_id"] for call in loaded], joined=joined)
        source = "oasis-joined:" if joined else "oasis:"
        both += [replace(v, source=v.source.replace("oasis:", source)) for v in found]
        if not joined:
            asked = [v for p in pairs for v in questions.oasis_verdicts(p, first)]
    return both, asked


def _speed(engine: Engine) -> None:
    """Print turns a second on invented and on real calls."""
    invented = [[(line.role, line.text) for line in t.lines] for t in transcripts.load()]
    report.turns_a_second("invented calls", speed.measure(engine, invented))
    if OASIS.is_file():
        calls = [oasis.rows(call, joined=False) for call in oasis.load(OASIS, final=False)]
        report.turns_a_second("real calls, segment by segment", speed.measure(engine, calls))


def _functions(asked: list[Verdict]) -> None:
    """Print how the functions of questions are told, over all that is labelled."""
    first: questions.Labels = {}
    if questions.FIRST.is_file():
        first = questions.read_labels(questions.FIRST)
    else:
        print(f"\n{questions.FIRST.name} is not there yet: questions of the invented calls only.")
    report.functions(asked, questions.sealed_examples(first))
    if first and questions.AGAIN.is_file():
        report.two_passes(first, questions.read_labels(questions.AGAIN))
    else:
        print(f"{questions.AGAIN.name} is not there yet: no κ of two passes.")


def _samples(engine: Engine, family: str) -> list[Verdict]:
    """Print what the sample scripts yield; returns what it comes from."""
    names = script.names()
    print(f"\n======== scripts of the {len(names)} sample calls")
    found = [v for n in names for v in samples.verdicts(engine, n) if v.label.startswith(family)]
    report.samples(found, {n: samples.claims(engine, n) for n in names})
    return found


def _utterances(engine: Engine, family: str, *, final: bool) -> None:
    """Print how well each family's invented utterances are told apart."""
    print(f"\n{'invented utterances':34} {'P':>6} {'R':>6} {'F1':>6}   tp   fp   fn")
    for name in utterances.families():
        if name.startswith(family.partition(".")[0]):
            counts, _ = utterances.judge(engine, name, sealed=final)
            precision, recall, f1 = utterances.score(counts)
            print(
                f"{name:34} {precision:6.3f} {recall:6.3f} {f1:6.3f} "
                f"{counts['tp']:4} {counts['fp']:4} {counts['fn']:4}"
            )


if __name__ == "__main__":
    main()
