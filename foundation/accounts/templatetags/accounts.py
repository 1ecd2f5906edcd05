"""What the pages of accounts say in several places."""

from collections.abc import Collection

from django import template
from django.utils.translation import gettext as _

from foundation.accounts.models import Team

register = template.Library()


@register.simple_tag
def known_programmes(team: Team, own: Collection[int]) -> str:
    """Name the team's programmes as far as the reader may know of them."""
    return ", ".join(p.name for p in team.programmes.all() if p.pk in own) or _("no programme yet")
