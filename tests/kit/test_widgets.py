"""The kit's short way of writing widgets gives what Django's own templates give, escaped alike."""

import re
from typing import Any
from uuid import UUID

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe

from foundation.kit.widgets import Renderer

EVIL = "<b>\"&'"
GROUPED = [("", "None"), ("a", EVIL), (1, mark_safe("<i>one</i>")), ("More", [("b", "Bee"), (EVIL, "evil")])]


class Every(forms.Form):
    """One field with each kind of widget."""

    text = forms.CharField(max_length=20, initial=EVIL, widget=forms.TextInput(attrs={"data-x": EVIL, "data-y": False}))
    search = forms.CharField(required=False, widget=forms.TextInput(attrs={"type": "search"}))
    number = forms.IntegerField(initial=0, min_value=0)
    email = forms.EmailField(disabled=True)
    password = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.UUIDField(widget=forms.HiddenInput, initial=UUID(int=5))
    file = forms.FileField()
    check = forms.BooleanField(initial=True)
    area = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), initial=f"\n\n{EVIL}")
    empty_area = forms.CharField(widget=forms.Textarea)
    select = forms.ChoiceField(choices=GROUPED, initial=1)
    many = forms.MultipleChoiceField(choices=GROUPED, initial=["a", EVIL])
    radio = forms.ChoiceField(choices=GROUPED, widget=forms.RadioSelect(attrs={"class": "cards"}), initial="b")
    checks = forms.MultipleChoiceField(choices=GROUPED, widget=forms.CheckboxSelectMultiple)
    when = forms.DateTimeField()


def tidied(html: Any) -> str:
    """Give the HTML without the line breaks beside elements, where a browser shows none."""
    return re.sub(r">\s+<", "><", str(html)).replace(">\n ", "> ").strip()


@pytest.mark.parametrize("name", list(Every.base_fields))
@pytest.mark.parametrize("data", [None, {"text": EVIL, "select": "b", "checks": ["a", "b"], "area": "\nx"}])
def test_a_widget_is_what_django_writes(name: str, data: dict[str, Any] | None) -> None:
    ours, theirs = (tidied(Every(data, renderer=renderer())[name]) for renderer in (Renderer, TemplatesSetting))
    assert ours == theirs


def test_a_first_empty_line_of_a_text_is_kept() -> None:
    assert ">\n\n\n&lt;b&gt;" in str(Every(renderer=Renderer())["area"])
