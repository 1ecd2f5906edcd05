"""What can go wrong with a foreign repository; the room turns each into a recorded failure or a refusal."""


def N_(text: str) -> str:  # noqa: N802 -- the name by which translators' tools find it
    """Mark a sentence for translation; it is translated where it is shown."""
    return text


class GitError(Exception):
    """Something about a repository did not work; `str()` is one plain English sentence, safe to show.

    `template` and `values` are the same sentence for translation.
    """

    code = "repository.unreachable"

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template % values if values else template)
        self.template = template
        self.values = values


class GitMissing(GitError):
    """There is no git on this machine."""

    code = "repository.git_missing"

    def __init__(self) -> None:
        super().__init__(N_("There is no git on this machine. Install it (Debian: apt install git)."))


class GitRefused(GitError):
    """The address is one that the house does not touch."""

    code = "repository.address_refused"


class GitTimeout(GitError):
    """Git did not finish within its time."""

    code = "repository.timeout"

    def __init__(self) -> None:
        super().__init__(N_("Git did not finish within the time allowed for it, and was stopped."))


class GitTooLarge(GitError):
    """Git sent more than the house takes."""

    code = "repository.too_large"
