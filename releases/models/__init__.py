"""What ships: repositories and their commits, releases and what is in them, where they are installed."""

from releases.models.commits import Commit, ContentClass, Correction, Holding, Relation
from releases.models.companions import Companion
from releases.models.repositories import BUNDLE_ADDRESS, Fetch, FetchProgress, HistoryBundle, RefEvent, Repository
from releases.models.shipping import Channel, Installation, Publication, Release, Subscription
from releases.models.wording import NotesTranslation, Term

__all__ = [
    "BUNDLE_ADDRESS",
    "Channel",
    "Commit",
    "Companion",
    "ContentClass",
    "Correction",
    "Fetch",
    "FetchProgress",
    "HistoryBundle",
    "Holding",
    "Installation",
    "NotesTranslation",
    "Publication",
    "RefEvent",
    "Relation",
    "Release",
    "Repository",
    "Subscription",
    "Term",
]
