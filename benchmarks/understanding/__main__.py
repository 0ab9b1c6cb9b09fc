"""How well detections agree with people's labels, as tables.

    python -m benchmarks.understanding [--final] [--family F] [--confusions PATH]

``docs/evaluation.md`` tells what is measured on what. Labels of the open part only, unless
``--final`` adds the part kept back for the final figure.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.understanding import report, transcripts
from benchmarks.understanding.verdicts import Verdict, write_confusions
from callqa.detect.engine import load_engine

LEXICONS = Path(__file__).resolve().parents[2] / "lexicons"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--final", action="store_true", help="score the part kept back too")
    parser.add_argument("--family", help="only labels whose name starts so")
    parser.add_argument("--confusions", type=Path, help="write what disagrees here, as TSV")
    options = parser.parse_args()
    engine = load_engine(LEXICONS)
    everything: list[Verdict] = []
    for final in (False, True) if options.final else (False,):
        loaded = transcripts.load(final=final)
        found = [
            v
            for v in transcripts.verdicts(list(transcripts.read_all(engine, loaded)))
            if v.label.startswith(options.family or "")
        ]
        print(f"\n{len(loaded)} invented transcripts, {'kept back' if final else 'open'}\n")
        report.transcripts(found, [t.id for t in loaded])
        everything += found
    if options.confusions:
        count = write_confusions(options.confusions, everything)
        print(f"\n{count} disagreements are in {options.confusions}.")


if __name__ == "__main__":
    main()
