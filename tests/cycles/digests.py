"""What the tests of the digest share: a mail server that really listens, a week to tell of, readers with an address."""

from __future__ import annotations

import socketserver
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from rnd.cycles.actions import project_tickets, set_service_level
from tests.cast import Cast
from tests.cycles.world import DAY0, quick_loop

MONDAY = datetime(2026, 5, 11, 7, 0, tzinfo=UTC)
HOUR = 3_600_000_000


class _Session(socketserver.StreamRequestHandler):
    """Speaks as much SMTP (RFC 5321) as a client needs to hand over a mail."""

    server: MailServer

    def handle(self) -> None:
        self._say("220 test ESMTP")
        to: list[str] = []
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "RCPT":
                if any(refused in line for refused in self.server.refused):
                    self._say(f"550 no mailbox for {line}")
                    continue
                if any(mute in line for mute in self.server.mute):
                    self.server.over.wait()
                    return
                to.append(line)
            if verb == "DATA":
                self._say("354 go on")
                self.server.got.append((to, self._body()))
            if verb == "QUIT":
                self._say("221 bye")
                return
            self._say("250 OK")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def _body(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.got: list[tuple[list[str], bytes]] = []
        self.refused: set[str] = set()
        # Of mails to these, it says nothing any more.
        self.mute: set[str] = set()
        self.over = threading.Event()

    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(body, policy=policy.default) for _to, body in self.got]


def readable_week(cast: Cast) -> None:
    """A dozen loops of nine to twenty hours that finished in the week before MONDAY, and an open one about to miss."""
    set_service_level(actor=cast.actor("solveig"), programme=cast.programme, severity="S2", days=10)
    began = MONDAY - timedelta(days=5)
    tickets = [quick_loop(cast, seen=began, lengths=[HOUR + number] * 9, severity="S2") for number in range(12)]
    late = [
        quick_loop(cast, seen=DAY0, lengths=[24 * HOUR * 2] * 9, severity="S2", title=f"Slow {n}") for n in range(12)
    ]
    still = quick_loop(
        cast, seen=MONDAY - timedelta(days=9), lengths=[HOUR] * 4, end="open", severity="S2", title="Motor hot"
    )
    project_tickets(ticket_ids=[ticket.pk for ticket in [*tickets, *late, still]])


def address(user: Any, email: str, language: str = "") -> None:
    user.email, user.language = email, language
    user.save(update_fields=["email", "language"])
