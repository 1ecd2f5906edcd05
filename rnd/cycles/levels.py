"""What a programme promises and compares itself with: what holds now, and what held before."""

from __future__ import annotations

from django.db.models import QuerySet

from rnd.cycles.models import Baseline, ServiceLevel


def service_levels(programme: int) -> dict[str, ServiceLevel]:
    """Give the service level that holds for each severity of a programme; nothing for one without a promise."""
    newest = ServiceLevel.objects.filter(programme=programme).order_by("severity", "-id").distinct("severity")
    return {level.severity: level for level in newest if level.days is not None}


def level_history(programme: int, severity: str = "") -> QuerySet[ServiceLevel]:
    """Give every service level that was ever set, the newest first."""
    found = ServiceLevel.objects.filter(programme=programme).select_related("set_by").order_by("-id")
    return found.filter(severity=severity) if severity else found


def baseline(programme: int) -> Baseline | None:
    """Give the baseline that holds, if one was set."""
    return Baseline.objects.filter(programme=programme).order_by("-id").first()


def baseline_history(programme: int) -> QuerySet[Baseline]:
    """Give every baseline that was ever set, the newest first."""
    return Baseline.objects.filter(programme=programme).select_related("set_by").order_by("-id")
