"""Every example and the grammar of docs/reference/schedule_language.md, held against the parser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from audio_loop.schedule.parser import parse_schedule
from audio_loop.schedule.times import LONGEST_TIME, TimeError, read_head
from audio_loop.schedule.values import keyframe_index, prompt

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "schedule_language.md").read_text("utf-8")
READ = re.findall(r"```schedule\n(.*?)\n```\n\n\| second \| counts \|\n\|---\|---\|\n((?:\|[^\n]*\|\n)+)", PAGE, re.DOTALL)
TABLE = r"\| text \| {} \|\n\|---\|---\|\n((?:\|.*\|\n)+)"


def cells(rows):
    return re.findall(r"^\| `(.*?)` \| (.*) \|$", rows, re.MULTILINE)


REFUSED_PROMPTS, REFUSED_PICTURES = map(cells, re.findall(TABLE.format("answer"), PAGE))
NOTED = cells(re.search(TABLE.format("note"), PAGE)[1])


def test_the_page_is_read_whole():
    assert len(READ) == PAGE.count("```schedule") == 7
    rows = len(re.findall(r"^\| `.*` \| ", PAGE, re.MULTILINE))
    forms = PAGE.count("| `START")
    assert len(REFUSED_PROMPTS) + len(REFUSED_PICTURES) + len(NOTED) + forms == rows


@pytest.mark.parametrize(("text", "table"), READ)
def test_what_counts_at_a_second_is_what_the_page_says(text, table):
    schedule = parse_schedule(text)
    rows = re.findall(r"^\| ([\d.]+) \| `(.*)` \|$", table, re.MULTILINE)
    assert len(rows) == table.count("\n")
    assert [schedule.at(second).value for second, _ in rows] == [value for _, value in rows]


@pytest.mark.parametrize(
    ("text", "answer", "values"),
    [(*row, prompt) for row in REFUSED_PROMPTS] + [(*row, keyframe_index) for row in REFUSED_PICTURES],
)
def test_what_the_page_calls_refused_is_refused_in_its_words(text, answer, values):
    with pytest.raises(ValueError, match=re.escape(answer)):
        parse_schedule(text.replace(r"\n", "\n"), values)


@pytest.mark.parametrize(("text", "note"), NOTED)
def test_notes_are_those_of_the_page(text, note):
    assert note in " ".join(parse_schedule(text.replace(r"\n", "\n")).notes)


def pattern_of(rule, rules):
    """A rule of the page's grammar as a regular expression: no rule of the times uses itself."""
    wrapped = {"[": "(?:", "]": ")?", "{": "(?:", "}": ")*", "|": "|"}
    parts = re.findall(r'"[^"]*"|\w+|[\[\]{}|]', rules[rule])
    made = (
        wrapped.get(part) or (re.escape(part[1:-1].replace(r"\t", "\t")) if part[0] == '"' else pattern_of(part, rules))
        for part in parts
    )
    return f"(?:{''.join(made)})"


RULES = dict(re.findall(r"^(\w+) +=(.*);$", re.search(r"```ebnf\n(.*?)```", PAGE, re.DOTALL)[1], re.MULTILINE))
TIMES = re.compile(pattern_of("times", RULES))
TIME = re.compile(pattern_of("time", RULES))
LIKELY = st.from_regex(r"[0-9]{1,2}(:[0-9]{1,3}){0,3}(\.[0-9]?)?[ \t]?([+-][ ]?[0-9]{0,2}(:[0-9]{2})?)?[ \t]?", fullmatch=True)


@given(st.one_of(LIKELY, st.from_regex(TIMES, fullmatch=True), st.text(alphabet="0169:.+- \tx", max_size=12)))
@example("1:60")
@example("0:30+ ")
@example("0:30\t+")
@example("1:59:59.5 - 2:00:00 ")
def test_the_grammar_of_times_is_the_parsers(head):
    assume(head.isascii() and all(len(time) <= LONGEST_TIME for time in re.findall(r"[\d:.]+", head)))
    try:
        read = read_head(f"{head}: x").rest == " x"
    except TimeError as error:
        assume("lies before" not in str(error) and "range is empty" not in str(error))
        read = False
    assert read == bool(TIMES.fullmatch(head))


def test_the_longest_time_is_the_pages():
    assert f"at most {LONGEST_TIME} characters" in PAGE
    assert TIME.fullmatch("1" * LONGEST_TIME)
