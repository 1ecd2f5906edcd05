"""A year in a small programme, played by the product's own verbs: what a newcomer looks at first.

Nothing is inserted by the back door: people report, triage, commit to real repositories, publish, install and
judge through the same actions as the pages, each at its own moment of the year.
"""

from __future__ import annotations


def sign_ins() -> list[tuple[str, str, str, str]]:
    """Give who can sign in to the demo: (username, password, role, team)."""
    from rnd.demo.people import PASSWORD, PEOPLE, TEAMS

    names = {team.slug: team.name for team in TEAMS}
    return [(person.username, PASSWORD, str(person.role.label), names[person.team]) for person in PEOPLE]
