"""The one Celery application: which queues there are, and what runs by the clock.

Celery only wakes verbs; what is due lives in PostgreSQL. A lost message therefore delays work
until the next sweep and loses nothing.
"""

import os

from celery import Celery
from celery.schedules import schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rnd.settings")

app = Celery("fieldloop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_routes = {"releases.fetch": {"queue": "git"}, "releases.take_in_bundle": {"queue": "git"}}
app.conf.beat_schedule = {
    # Sweeps that no worker took in time are worth nothing: the next one does the same.
    "sweep-journal": {"task": "journal.run_consumers", "schedule": schedule(5.0), "options": {"expires": 10}},
    "ensure-journal-partitions": {"task": "journal.ensure_partitions", "schedule": schedule(6 * 3600.0)},
    "forget-idempotent-requests": {"task": "kit.forget_idempotent_requests", "schedule": schedule(6 * 3600.0)},
    "send-webhooks": {"task": "notices.send_due", "schedule": schedule(10.0), "options": {"expires": 20}},
    "step-rollouts": {"task": "rollouts.step", "schedule": schedule(30.0), "options": {"expires": 30}},
    "mail-rollouts": {"task": "rollouts.mail", "schedule": schedule(30.0), "options": {"expires": 30}},
    "forget-uploads": {"task": "artifacts.forget_uploads", "schedule": schedule(6 * 3600.0)},
    "send-digests": {"task": "cycles.send_digests", "schedule": schedule(900.0), "options": {"expires": 600}},
    "foresee-breaches": {"task": "cycles.foresee_breaches", "schedule": schedule(900.0), "options": {"expires": 600}},
    "keep-reports": {"task": "cycles.keep_reports", "schedule": schedule(30.0), "options": {"expires": 25}},
    "poll-repositories": {"task": "releases.poll_repositories", "schedule": schedule(30.0)},
}
