"""Floor 4: what is done about it, and how long it took; and the composition root.

The Celery application is imported here so that shared tasks bind to it in every process.
"""

from foundation.kit.collecting import collect_seldom

collect_seldom()  # before the imports that make most of a process's objects

from rnd.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
