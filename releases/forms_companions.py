"""What a person fills in to say what else a release is built from."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from releases.models import RefEvent, Release, Repository

TAGS_OFFERED: Final = 100
_TAGS: Final = "refs/tags/"


class CompanionForm(forms.Form):
    """A tag in another repository of the component."""

    repository = forms.ModelChoiceField(label=_("Repository"), queryset=Repository.objects.none())
    tag = forms.CharField(
        label=_("Tag"),
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "list": "companion-tags"}),
        help_text=_("As that repository has it, such as boot-2.4."),
    )

    def __init__(self, *args: Any, release: Release, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Repository.objects.filter(component=release.component_id).exclude(pk=release.repository_id)
        self.repositories = list(others.order_by("name"))
        field = self.fields["repository"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = others.order_by("name")
        if len(self.repositories) == 1:
            field.initial, field.empty_label = self.repositories[0], None

    @property
    def known_tags(self) -> list[str]:
        """The tags that these repositories have had lately, the newest first."""
        last = RefEvent.objects.filter(repository__in=self.repositories, ref__startswith=_TAGS).exclude(new="")
        newest = last.order_by("-pk").values_list("ref", flat=True)[:TAGS_OFFERED]
        return list(dict.fromkeys(ref.removeprefix(_TAGS) for ref in newest))
