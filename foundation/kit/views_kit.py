"""The page that shows every component in every state, for whoever builds pages: `/kit/`."""

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.kit import clock, vocabulary
from foundation.kit.strips import Part
from foundation.kit.wording import DAY, HOUR, MINUTE

SAMPLES: Final = {
    "finished": [
        Part("transit", 11 * HOUR),
        Part("triage", 19 * HOUR),
        Part("queue", 3 * DAY),
        Part("design", 2 * DAY),
        Part("build", 4 * DAY),
        Part("test", 2 * DAY + 5 * HOUR),
        Part("release", 1 * DAY),
        Part("install", 5 * DAY),
        Part("verify", 2 * DAY),
    ],
    "running": [Part("transit", 2 * HOUR), Part("triage", 9 * HOUR), Part("queue", 2 * DAY, running=True)],
    "blocked": [
        Part("transit", 40 * MINUTE),
        Part("triage", 1 * DAY),
        Part("queue", 1 * DAY),
        Part("design", 2 * DAY),
        Part("build", 1 * DAY),
        Part("build", 6 * DAY, "blocked", running=True),
    ],
    "two passes": [
        Part("transit", 1 * DAY),
        Part("triage", 6 * HOUR),
        Part("queue", 1 * DAY),
        Part("build", 2 * DAY),
        Part("test", 1 * DAY),
        Part("release", 1 * DAY),
        Part("install", 2 * DAY),
        Part("verify", 1 * DAY),
        Part("triage", 4 * HOUR, pass_number=2),
        Part("design", 1 * DAY, pass_number=2),
        Part("build", 1 * DAY, pass_number=2),
        Part("test", 12 * HOUR, pass_number=2),
        Part("release", 8 * HOUR, pass_number=2),
        Part("install", 3 * DAY, pass_number=2),
        Part("verify", 2 * DAY, pass_number=2),
    ],
    "just reported": [Part("transit", 3 * MINUTE), Part("triage", 1, running=True)],
    "nothing yet": [],
}
SAMPLE_STATES: Final = (
    vocabulary.Word("new", _("New"), tone="info", icon="circle-dot"),
    vocabulary.Word("working", _("In progress"), tone="warn", icon="clock"),
    vocabulary.Word("ready", _("Ready to install"), tone="good", icon="package-check"),
    vocabulary.Word("stopped", _("Blocked"), tone="bad", icon="ban"),
    vocabulary.Word("plain", _("Draft"), icon="circle-dashed"),
    vocabulary.Word("over", _("Closed"), tone="muted", icon="circle-check"),
)


class SampleForm(forms.Form):
    """One field of each kind, with and without help and errors."""

    title = forms.CharField(label=_("What went wrong"), help_text=_("One sentence, as you would say it on the radio."))
    severity = forms.ChoiceField(
        label=_("How bad is it"),
        widget=forms.RadioSelect,
        choices=lambda: [(w.value, f"{w.mark} · {w.label}") for w in vocabulary.words("severity").values()],
    )
    platform = forms.ChoiceField(label=_("Platform"), choices=[("a", "Kestrel 3"), ("b", "Osprey")])
    seen_at = forms.DateTimeField(
        label=_("When it was seen"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    body = forms.CharField(label=_("What happened"), widget=forms.Textarea, required=False)
    photo = forms.FileField(label=_("Photo or log"), required=False)
    again = forms.BooleanField(
        label=_("It happened more than once"), required=False, help_text=_("Then say how often in the text.")
    )


@login_not_required
@require_safe
def kit(request: HttpRequest) -> HttpResponse:
    """Show the page. It reads nothing from the database."""
    return render(request, "kit/kit.html", context())


def context() -> dict[str, Any]:
    """Give sample values for every component."""
    now = clock.now()
    vocabulary.register("sample", SAMPLE_STATES)
    wrong = SampleForm({"title": "", "severity": "S9", "body": "…"})
    wrong.is_valid()
    return {
        "samples": SAMPLES,
        "finished": SAMPLES["finished"],
        "passes": SAMPLES["two passes"],
        "blocked": SAMPLES["blocked"],
        "average": [(stage, (place + 2) * 7 * HOUR) for place, stage in enumerate(vocabulary.words("stage"))],
        "states": list(vocabulary.words("sample")),
        "stages": list(vocabulary.words("stage").values()),
        "severities": list(vocabulary.words("severity")),
        "moments": [
            now - timedelta(seconds=20),
            now - timedelta(minutes=5),
            now - timedelta(hours=3),
            now - timedelta(days=12),
            now - timedelta(days=800),
            now + timedelta(days=2),
        ],
        "lengths": [0, 250_000, 40 * MINUTE // 40, 42 * MINUTE, 3 * DAY + 4 * HOUR, 400 * DAY, None],
        "form": SampleForm(initial={"platform": "b"}),
        "wrong": wrong,
        "page": Paginator(range(137), 50).page(2),
        "hour_ago": now - timedelta(hours=1),
        "day_ago": now - timedelta(days=1),
        "rows": ROWS,
        "columns": COLUMNS,
        "prose": PROSE,
        "bars": {
            "kind": "stacked",
            "unit": "d",
            "labels": ["2026-09", "2026-10", "2026-11"],
            "series": [
                {"label": str(stage.label), "colour": f"stage-{stage.value}", "values": [n % 4 + 1, n % 3 + 1, n % 5]}
                for n, stage in enumerate(vocabulary.words("stage").values(), start=1)
            ],
        },
        "line": {
            "kind": "line",
            "labels": [str(week) for week in range(36, 48)],
            "series": [
                {"label": str(_("Open")), "colour": "info", "values": [30, 34, 33, 38, 41, 37, 36, 39, 42, 40, 35, 37]},
                {"label": "p85", "colour": "ink-3", "values": [36] * 12, "dashed": True},
            ],
        },
    }


ROWS: Final = (
    {
        "key": "FB-214",
        "title": _("Video link drops for two seconds when the gimbal moves"),
        "severity": "S1",
        "state": "working",
        "stage": "build",
        "team": "Falcon 2",
        "strip": SAMPLES["blocked"],
    },
    {
        "key": "FB-209",
        "title": _("Battery estimate jumps from 40 % to 12 % in the cold"),
        "severity": "S2",
        "state": "ready",
        "stage": "install",
        "team": "Heron",
        "strip": SAMPLES["finished"][:8],
    },
    {
        "key": "FB-207",
        "title": _("Ground station shows the map in the wrong language after a restart"),
        "severity": "S3",
        "state": "new",
        "stage": "queue",
        "team": "Falcon 1",
        "strip": SAMPLES["running"],
    },
    {
        "key": "FB-180",
        "title": _("Second radio is not found after a firmware update"),
        "severity": "S4",
        "state": "over",
        "stage": "verify",
        "team": "Stork",
        "strip": SAMPLES["two passes"],
    },
)
COLUMNS: Final = (
    {"stage": "queue", "limit": None, "cards": ROWS[2:4]},
    {"stage": "design", "limit": 3, "cards": ()},
    {"stage": "build", "limit": 1, "cards": ROWS[:2]},
    {"stage": "test", "limit": 4, "cards": ROWS[3:]},
)

PROSE: Final = (
    "<h2>What happened</h2><p>The link dropped at <strong>14:02</strong> for two seconds, see "
    "<a href='#text'>the log</a>. It came back by itself.</p><ul><li>gimbal at full rate</li><li>battery at "
    "38 %</li></ul><pre><code>[14:02:11] radio: carrier lost (rssi -104)\n[14:02:13] radio: carrier found"
    "</code></pre><blockquote><p>Seen by both crews.</p></blockquote><table><tr><th>Try</th><th>Result</th></tr>"
    "<tr><td>1</td><td><code>lost</code></td></tr></table>"
)
