"""What differs between two analyses: which criterion, for whom, on which words."""

from callqa.evidence.changes import changes
from tests.report.records import record


def with_result(call, criterion, **what):
    results = [r.model_copy(update=what) if r.criterion == criterion else r for r in call.results]
    return call.model_copy(update={"results": tuple(results)})


def test_nothing_changed():
    assert changes(record(), record()) == ()


def test_other_words_about_it_are_no_change():
    assert (
        changes(record(), with_result(record(), "1b", why="said otherwise", confidence=0.1)) == ()
    )


def test_a_status_and_the_words_it_lost():
    old = record()
    one = next(r for r in old.results if r.criterion == "1b")
    (change,) = changes(old, with_result(old, "1b", status="partly", evidence=one.evidence[:1]))
    assert (change.before, change.after, change.participant) == ("evidenced", "partly", "agent")
    (lost,) = change.lost
    assert lost.what == "question.clarifying"
    assert lost.start_s == one.evidence[1].start_s
    assert change.gained == ()


def test_a_criterion_that_is_new_or_gone():
    old = record()
    fewer = old.model_copy(update={"results": old.results[1:]})
    (gone,) = changes(old, fewer)
    assert (gone.criterion, gone.before, gone.after) == ("1a", "evidenced", None)
    (new,) = changes(fewer, old)
    assert (new.before, new.after) == (None, "evidenced")


def test_with_roles_swapped_the_agents_criteria_are_compared_with_the_agents():
    old = record()
    swapped = [r.model_copy(update={"participant": "customer"}) for r in old.results]
    swapped[1] = swapped[1].model_copy(update={"status": "not_evidenced", "evidence": ()})
    (change,) = changes(old, old.model_copy(update={"results": tuple(swapped)}))
    assert (change.criterion, change.participant) == ("1b", "customer")
