"""Addresses of this room's pages."""

from django.urls import path

from frontline_feedback import keys as ticket_keys  # noqa: F401  registers the converter of ticket keys
from rnd.engineering import keys, views, views_task  # noqa: F401  `keys` registers the converter of task keys

app_name = "engineering"
urlpatterns = [
    path("board/", views.board, name="board"),
    path("tasks/", views.task_list, name="task_list"),
    path("tasks/open/", views.open_task, name="open_task"),
    path("<task_key:pk>", views_task.task, name="task"),
    path("<task_key:pk>/edit", views_task.edit, name="edit_task"),
    path("<task_key:pk>/move", views_task.move, name="move_task"),
    path("<task_key:pk>/assign", views_task.assign, name="assign_task"),
    path("<task_key:pk>/block", views_task.block, name="block_task"),
    path("<task_key:pk>/unblock", views_task.unblock, name="unblock_task"),
    path("<task_key:pk>/tickets", views_task.link_ticket, name="link_ticket"),
    path("<task_key:pk>/tickets/<ticket_key:ticket_pk>/unlink", views_task.unlink_ticket, name="unlink_ticket"),
    path("<task_key:pk>/commits", views_task.commit_search, name="commit_search"),
    path("<task_key:pk>/commits/<int:commit_pk>/link", views_task.link_commit, name="link_commit"),
    path("<task_key:pk>/pull-requests", views_task.link_pull_request, name="link_pull_request"),
    path("<task_key:pk>/commits/<int:commit_pk>/confirm", views_task.confirm_commit, name="confirm_commit"),
    path("<task_key:pk>/commits/<int:commit_pk>/unlink", views_task.unlink_commit, name="unlink_commit"),
]
