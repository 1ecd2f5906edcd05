"""Floor 2: what ships."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    """Registers the room's rights, words and destinations when Django is ready."""

    name = "releases"
    label = "releases"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from releases.policies import RIGHTS, WORDS

        register(RIGHTS, WORDS, scope="releases")
        _register_words()
        _register_destinations()


def _register_words() -> None:
    from foundation.kit import vocabulary
    from foundation.kit.vocabulary import Word
    from releases.models import Channel, HistoryBundle, RefEvent, Release

    state = Release.State
    vocabulary.register(
        "release",
        [
            Word(state.DRAFT, state.DRAFT.label, tone="neutral", icon="circle-dashed", hint=_("Made from a tag")),
            Word(state.CANDIDATE, state.CANDIDATE.label, tone="info", icon="eye", hint=_("Waits for an approval")),
            Word(state.APPROVED, state.APPROVED.label, tone="info", icon="badge-check", hint=_("May be published")),
            Word(state.PUBLISHED, state.PUBLISHED.label, tone="good", icon="package-check", hint=_("Can be installed")),
            Word(state.WITHDRAWN, state.WITHDRAWN.label, tone="bad", icon="package-x", hint=_("Do not install it")),
        ],
    )
    vocabulary.register(
        "channel",
        [
            Word(Channel.LAB, Channel.LAB.label, tone="neutral", icon="flask-conical"),
            Word(Channel.PILOT, Channel.PILOT.label, tone="info", icon="rocket"),
            Word(Channel.FLEET, Channel.FLEET.label, tone="good", icon="send"),
        ],
    )
    bundle = HistoryBundle.State
    vocabulary.register(
        "history_bundle",
        [
            Word(bundle.WAITING, bundle.WAITING.label, tone="info", icon="hourglass"),
            Word(bundle.TAKEN, bundle.TAKEN.label, tone="good", icon="check"),
            Word(bundle.REFUSED, bundle.REFUSED.label, tone="bad", icon="ban"),
        ],
    )
    kind = RefEvent.Kind
    vocabulary.register(
        "ref_event",
        [
            Word(kind.CREATED, kind.CREATED.label, tone="good", icon="plus"),
            Word(kind.MOVED, kind.MOVED.label, tone="neutral", icon="arrow-right"),
            Word(kind.FORCED, kind.FORCED.label, tone="warn", icon="triangle-alert"),
            Word(kind.DELETED, kind.DELETED.label, tone="warn", icon="trash-2"),
        ],
    )


def _register_destinations() -> None:
    from foundation.kit.navigation import NavItem, register

    home = "releases:release_list"
    releases = NavItem(
        _("Releases"), home, "release.see", order=40, icon="package", key="e", prefixes=("/next-release/",)
    )
    register(releases)
    register(
        NavItem(
            _("Installed"), "releases:installation_list", "installation.report", order=45, icon="download", below=home
        )
    )
    register(
        NavItem(
            _("Repositories"), "releases:repository_list", "repository.see", order=50, icon="folder-git-2", below=home
        )
    )
    register(NavItem(_("Channels"), "releases:channels", "subscription.set", order=55, icon="radio-tower", below=home))
    register(
        NavItem(
            _("Reverts and backports"), "releases:relation_list", "commit.see", order=56, icon="git-merge", below=home
        )
    )
    register(NavItem(_("Glossary"), "releases:glossary", "term.set", order=58, icon="book-open", below=home))
