"""The verbs of tickets: the only code that writes them, one verb a file."""

from frontline_feedback.actions.accept_ticket import accept_ticket
from frontline_feedback.actions.attach_file import attach_file
from frontline_feedback.actions.close_ticket import close_ticket
from frontline_feedback.actions.comment_ticket import comment_ticket
from frontline_feedback.actions.give_verdict import give_verdict
from frontline_feedback.actions.mark_installed import mark_installed
from frontline_feedback.actions.merge_ticket import merge_ticket
from frontline_feedback.actions.offer_fix import offer_fix
from frontline_feedback.actions.reclassify_ticket import reclassify_ticket
from frontline_feedback.actions.reject_ticket import reject_ticket
from frontline_feedback.actions.reopen_ticket import reopen_ticket
from frontline_feedback.actions.report_ticket import report_ticket

__all__ = [
    "accept_ticket",
    "attach_file",
    "close_ticket",
    "comment_ticket",
    "give_verdict",
    "mark_installed",
    "merge_ticket",
    "offer_fix",
    "reclassify_ticket",
    "reject_ticket",
    "reopen_ticket",
    "report_ticket",
]
