"""Loading criteria: what is accepted, and what each error tells its reader."""

import re
from pathlib import Path

import pytest

from callqa.errors import ConfigError
from callqa.score import load_criteria
from tests.builders import LABELS

CRITERIA = Path(__file__).resolve().parents[2] / "criteria"

GOOD = """\
id = "unit_x"
title = "Answering"
awarding_body = "Nobody"
unit_code = "X 1"
edition = "first"
source = "made up for this test"
acknowledgement = "none"
notice = "none"
subject = "call"
scale = ["no", "yes"]

[[groups]]
id = "1"
title = "Greet"
title_source = "ours"
requirement = "one call"

[[criteria]]
id = "1a"
group = "1"
title = "Greet the customer"
title_source = "ours"
class = "audio"
guidance = "A greeting."
evidenced = {all = [
  "opening.greeting",
  {measure = "silence_share", at_most = "profile.talk_share_max"},
]}

[[criteria]]
id = "1b"
group = "1"
title = "Note the call"
title_source = "ours"
class = "part"
guidance = "A word of it."
needs = "The note."
partly = ["handling.record_updating"]
"""


def load(folder, text=GOOD, name="unit_x.toml", **given):
    (folder / name).write_text(text, encoding="utf-8")
    return load_criteria(folder, LABELS, **given)


def test_both_units_load_whole():
    nocn, sqa = load_criteria(CRITERIA, LABELS, ["nocn_unit7", "sqa_dn8j11"])
    assert [c.id for c in sqa.criteria] == (
        "1a 1b 1c 1d 1e 1f 2a 2b 2c 2d 2e 3a 3b 3c 3d 3e 3f 4a 4b 4c 4d 4e".split()
    )
    assert [c.id for c in nocn.criteria] == [f"7.{i}" for i in range(1, 18)]


def test_the_classes_are_what_a_recording_can_show():
    nocn, sqa = load_criteria(CRITERIA, LABELS, ["nocn_unit7", "sqa_dn8j11"])
    classes = {c.id: c.criterion_class for unit in (nocn, sqa) for c in unit.criteria}
    assert {i for i, c in classes.items() if c == "part"} == {
        "1c", "1e", "2b", "2c", "2e", "3b", "4b", "7.13"
    }  # fmt: skip
    assert {i for i, c in classes.items() if c == "record"} == {"4e"}
    assert {i for i, c in classes.items() if c == "knowledge"} == {f"7.{i}" for i in range(1, 8)}


def test_knowledge_is_in_no_total():
    (nocn,) = load_criteria(CRITERIA, LABELS, ["nocn_unit7"])
    assert [g.id for g in nocn.groups if not g.in_total] == ["knowledge"]


def test_only_the_units_asked_for():
    assert [u.id for u in load_criteria(CRITERIA, LABELS, ["sqa_dn8j11"])] == ["sqa_dn8j11"]
    with pytest.raises(ConfigError, match=r"'sqa'.*nocn_unit7, .*sqa_dn8j11"):
        load_criteria(CRITERIA, LABELS, ["sqa"])


def test_the_hash_is_of_the_content(tmp_path):
    before = load(tmp_path)[0].hash
    assert load(tmp_path, "# a comment\n" + GOOD)[0].hash == before
    assert load(tmp_path, GOOD.replace("A greeting.", "A hello."))[0].hash != before


def test_an_empty_folder_says_so(tmp_path):
    with pytest.raises(ConfigError, match="no criteria"):
        load_criteria(tmp_path, LABELS)


def test_two_files_cannot_be_one_unit(tmp_path):
    load(tmp_path)
    with pytest.raises(ConfigError, match=r"unit_y.toml, line 1: .*'unit_x'"):
        load(tmp_path, name="unit_y.toml")


GREETING = '  "opening.greeting",'
LIMIT = '{measure = "silence_share", at_most = "profile.talk_share_max"}'


@pytest.mark.parametrize(
    ("old", "new", "line", "word", "known"),
    [
        (GREETING, '  "opening.greetings",', 26, "opening.greetings", "opening.greeting"),
        (GREETING, '  "openings.*",', 26, "openings.*", "opening.greeting"),
        (GREETING, '  "emotion.raised",', 26, "emotion.raised", "rules.md"),
        (GREETING, '  {most = ["opening.greeting"]},', 26, "most", "at_least"),
        (GREETING, '  {has = "opening.greeting"},', 26, "has", "where"),
        (GREETING, "  {each = 'opening.greeting', within_s = 3},", 26, "has", "has"),
        (GREETING, "  {each = 'opening.greeting', has = 'opening.greeting'},", 26, "within_s", ""),
        (GREETING, "  {any = ['opening.greeting'], has = 'sales.offered'},", 26, "has", "rules.md"),
        (GREETING, "  {any = []},", 26, "any", ""),
        (GREETING, "  7,", 26, "7", "all"),
        (GREETING, "  {where = {}, has = 'opening.greeting'},", 26, "where", ""),
        (GREETING, "  {where = {role = 'boss'}, has = 'opening.*'},", 26, "boss", "customer"),
        (GREETING, "  {at_least = 3, distinct = true, of = ['sales.offered']},", 26, "never", ""),
        (GREETING, "  {metadata = 'mood', equals = 'good'},", 26, "mood", "ring_s"),
        (GREETING, "  {first_within_s = 3, turns = 0, has = 'opening.greeting'},", 26, "turns", ""),
        (LIMIT, '{measure = "silence", at_most = 1}', 27, "silence", "silence_share"),
        (LIMIT, '{measure = "hold_count", at_most = "profile.x"}', 27, "profile.x", "hold_s"),
        (LIMIT, "{measure = 'hold_count', at_most = 'profile.agents'}", 27, "agents", "hold_s"),
        (LIMIT, '{measure = "silence_share"}', 27, "at_most", "at_least"),
        ('class = "audio"', 'class = "sound"', 23, "sound", "audio"),
        ('class = "audio"', 'class = "part"', 23, "partly", ""),
        ('class = "part"', 'class = "record"', 38, "partly", ""),
        ('title = "Greet the customer"', "", 19, "title", ""),
        ('title = "Greet the customer"', "title = ''", 21, "title", ""),
        ('guidance = "A greeting."', 'guidence = "A greeting."', 24, "guidence", "guidance"),
        ('group = "1"\ntitle = "Note', 'group = "2"\ntitle = "Note', 32, "'2'", "1"),
        ('id = "1b"', 'id = "1a"', 31, "1a", ""),
        ('notice = "none"', "", 1, "notice", ""),
        ('scale = ["no", "yes"]', "scale = []", 10, "scale", ""),
    ],
)  # fmt: skip
def test_an_error_names_the_file_the_line_the_word_and_the_choices(
    tmp_path, old, new, line, word, known
):
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    message = str(caught.value)
    assert f"unit_x.toml, line {line}:" in message
    assert word in caught.value.message
    assert known in message


def test_what_is_not_toml_is_named(tmp_path):
    with pytest.raises(ConfigError, match=re.escape("unit_x.toml")):
        load(tmp_path, "id = ")
