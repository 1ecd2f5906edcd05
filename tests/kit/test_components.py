"""Each tag of `{% load kit %}`: what it shows, what a screen reader hears, and that it escapes what it is given."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from foundation.kit import clock, vocabulary
from foundation.kit.components import initials
from foundation.kit.strips import Part
from foundation.kit.vocabulary import Word
from foundation.kit.wording import DAY, HOUR

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVIL = '<script>alert("1")</script>'


@pytest.fixture(autouse=True)
def _english_noon() -> Iterator[None]:
    with translation.override("en"), clock.at(NOW):
        yield


def html(source: str, **values: Any) -> str:
    return Template(source if source.startswith("{% extends") else "{% load kit %}" + source).render(Context(values))


# --- words ----------------------------------------------------------------------------------------


def test_a_stage_shows_its_number_and_its_name_beside_its_colour() -> None:
    shown = html("{% stage_badge 'build' %}")
    assert 'class="stage s-build"' in shown
    assert '<b aria-hidden="true">5</b>Build' in shown


def test_a_blocked_stage_says_so_in_words() -> None:
    assert "Blocked" in html("{% stage_badge 'build' mode='blocked' %}")
    assert "Blocked" not in html("{% stage_badge 'build' mode='active' %}")


def test_a_severity_in_a_list_is_short_and_still_read_in_full() -> None:
    assert "<span>Mission stop</span>" in html("{% severity_badge 'S1' %}")
    short = html("{% severity_badge 'S1' short=True %}")
    assert '<b>S1</b><span class="visually-hidden">Mission stop</span>' in short


def test_a_state_is_shown_in_the_words_its_room_registered() -> None:
    vocabulary.register("tested", [Word("odd", "Peculiar", tone="warn", icon="clock")])
    shown = html("{% state_badge 'tested' 'odd' %}")
    assert "tone-warn" in shown
    assert "Peculiar" in shown
    assert html("{% word 'tested' 'odd' %}") == "Peculiar"


def test_a_value_that_nobody_registered_is_shown_as_it_is() -> None:
    assert "Never heard of" in html("{% state_badge 'tested' 'never_heard_of' %}")


@pytest.mark.parametrize("tag", ["stage_badge x", "severity_badge x", "state_badge 'ticket' x", "icon x"])
def test_nothing_is_shown_for_no_value(tag: str) -> None:
    assert html("{% " + tag + " %}", x="") == ""


def test_a_key_is_a_link_where_there_is_an_address() -> None:
    assert html("{% key_chip 'FB-12' '/FB-12' %}") == '<a class="key" href="/FB-12">FB-12</a>'
    assert html("{% key_chip 'FB-12' %}") == '<span class="key">FB-12</span>'


def test_a_key_tells_its_state_to_those_who_cannot_see_it() -> None:
    vocabulary.register("tested", [Word("over", "Closed", tone="muted")])
    shown = html("{% key_chip 'FB-12' '/FB-12' 'over' of='tested' %}")
    assert "is-over" in shown
    assert '<span class="visually-hidden">Closed</span>' in shown


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ingrid Solberg", "IS"),
        ("Олександра Коваленко", "ОК"),
        ("Heron", "H"),
        ("Falcon tablet 3", "F3"),
        ("(gone)", "G"),
        ("", "?"),
        ("—", "?"),
    ],
)
def test_initials_are_of_the_first_and_the_last_word(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_a_person_is_shown_with_the_team_and_nobody_as_nobody() -> None:
    assert '<span class="person-team">Heron</span>' in html("{% person 'Ada L' 'Heron' %}")
    assert "Nobody" in html("{% person '' %}")


@pytest.mark.parametrize(
    "source",
    [
        "{% key_chip x x %}",
        "{% person x x %}",
        "{% stage_badge x %}",
        "{% state_badge 'tested' x %}",
        "{% severity_badge x %}",
        "{% icon 'x' x %}",
        "{% empty_state x x x x %}",
        "{% note 'error' x title=x %}",
        "{% stat x x 3 note=x %}",
        "{% copy_button x label=x %}",
        "{% commit_line x x x %}",
        "{% confirm 'a' x x x text=x %}",
        "{% loop_strip parts size='page' %}",
        "{% strip_table parts caption=x %}",
        "{% feed_item moment actor=x team=x %}{{ x }}{% endfeed_item %}",
        "{% dialog 'a' x %}{{ x }}{% enddialog %}",
    ],
)
def test_what_people_wrote_is_escaped(source: str) -> None:
    assert "<script>" not in html(source, x=EVIL, parts=[(EVIL, 5)], moment=NOW)


# --- times ------------------------------------------------------------------------------------------


def test_a_distance_carries_the_exact_moment() -> None:
    shown = html("{% ago moment %}", moment=NOW - timedelta(hours=3))
    assert shown == ('<time datetime="2026-11-22T09:00:00Z" title="22 Nov 2026, 09:00 UTC" data-ago>3 hours ago</time>')


def test_a_moment_or_length_that_is_not_known_is_a_dash() -> None:
    for tag in ("ago", "moment", "duration"):
        assert "–" in html("{% " + tag + " nothing %}", nothing=None)


def test_a_length_has_every_unit_on_hover() -> None:
    shown = html("{% duration x %}{{ x|duration_text }}", x=3 * DAY + 4 * HOUR + 60_000_000)
    assert 'title="3 d 4 h 1 min"' in shown
    assert shown.endswith("3 d 4 h")


# --- the strip --------------------------------------------------------------------------------------


def test_a_strip_says_what_it_shows() -> None:
    shown = html("{% loop_strip parts %}", parts=[Part("queue", 3 * DAY), Part("build", DAY)])
    assert 'aria-label="4 d in all: Queue 3 d, Build 1 d"' in shown


def test_lengths_on_a_strip_are_attributes_because_the_csp_allows_no_inline_style() -> None:
    shown = html("{% loop_strip parts size='page' %}", parts=[Part("queue", 3 * DAY), Part("build", DAY)])
    assert 'x="0%" y="25%" width="75%" height="50%"' in shown
    assert 'x="75%" y="0" width="25%" height="100%"' in shown
    assert "style=" not in shown


def test_blocked_time_is_hatched_a_new_pass_divided_and_an_open_end_an_arrow() -> None:
    parts = [Part("build", DAY, "blocked"), Part("triage", DAY, running=True, pass_number=2)]
    shown = html("{% loop_strip parts %}", parts=parts)
    assert 'fill="url(#kit-hatch)"' in shown
    assert 'class="pass"' in shown
    assert "is-running s-triage" in shown


def test_a_strip_without_time_says_so() -> None:
    assert "No time recorded yet" in html("{% loop_strip parts %}", parts=[])


def test_the_table_of_a_strip_adds_up_in_the_order_of_the_stages() -> None:
    shown = html("{% strip_table parts %}", parts=[Part("build", DAY), Part("triage", 2 * DAY), Part("build", DAY)])
    assert shown.index("Triage") < shown.index("Build")
    assert shown.count("50.0 %") == 2
    assert "4 d" in shown


def test_the_legend_names_every_stage() -> None:
    shown = html("{% strip_legend %}")
    assert all(str(word.label) in shown for word in vocabulary.words("stage").values())


# --- paging, forms, frames --------------------------------------------------------------------------


def request(query: str = "") -> Any:
    return RequestFactory().get(f"/list/{query}")


def test_a_numbered_page_links_its_neighbours_and_keeps_the_filters() -> None:
    page = Paginator(range(137), 50).page(2)
    shown = html("{% pager page %}", page=page, request=request("?stage=build&page=2"))
    assert "51–100 of 137" in shown
    assert 'href="?stage=build&amp;page=1"' in shown
    assert 'href="?stage=build&amp;page=3"' in shown


def test_a_cursor_page_links_by_its_cursors() -> None:
    page = SimpleNamespace(next_cursor="c2", previous_cursor=None)
    shown = html("{% pager page %}", page=page, request=request("?cursor=c1"))
    assert 'href="?cursor=c2"' in shown
    assert 'aria-disabled="true"' in shown


def test_one_page_needs_no_pager() -> None:
    assert html("{% pager page %}", page=Paginator([], 50).page(1), request=request()).strip() == ""


class Sample(forms.Form):
    title = forms.CharField(help_text="One sentence.")
    kind = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    again = forms.BooleanField(required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_ties_its_help_and_its_errors_to_the_input() -> None:
    form = Sample({"title": ""})
    form.is_valid()
    shown = html("{% field form.title %}", form=form)
    assert 'aria-describedby="id_title_helptext id_title_error"' in shown
    assert 'id="id_title_helptext"' in shown
    assert 'id="id_title_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_choices_are_a_group_with_a_legend() -> None:
    shown = html("{% field form.kind variant='cards' %}", form=Sample())
    assert "<legend>Kind" in shown
    assert "field-cards" in shown


def test_a_checkbox_stands_before_its_label_and_a_hidden_field_alone() -> None:
    shown = html("{% field form.again %}", form=Sample())
    assert shown.index("<input") < shown.index("<label")
    assert "<label" not in html("{% field form.token %}", form=Sample())


def test_what_may_be_left_out_says_so() -> None:
    form = Sample()
    form.fields["title"].required = False
    assert "optional" in html("{% field form.title %}", form=form)


def test_the_summary_of_errors_links_each_field_and_is_read_first() -> None:
    form = Sample({"title": ""})
    form.is_valid()
    shown = html("{% form_errors form %}", form=form)
    assert 'href="#id_title"' in shown
    assert "data-focus" in shown
    assert html("{% form_errors form %}", form=Sample()).strip() == ""


def test_a_confirmation_posts_with_the_token() -> None:
    shown = html("{% confirm 'w' '/w/' 'Withdraw' 'Sure?' danger=True %}", csrf_token="t0ken")
    assert 'data-dialog="w"' in shown
    assert '<form class="stack" action="/w/" method="post">' in shown
    assert 'value="t0ken"' in shown


def test_the_title_is_written_once_and_shown_twice() -> None:
    shown = html('{% extends "kit/base.html" %}{% block title %}Tickets{% endblock %}')
    assert "<title>Tickets · Fieldloop</title>" in shown
    assert "<h1>Tickets</h1>" in shown
