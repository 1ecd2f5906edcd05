"""What can go wrong with a foreign repository; the room turns each into a recorded failure or a refusal."""


class GitError(Exception):
    """Something about a repository did not work; `str()` is one plain sentence, safe to show."""

    code = "git.failed"


class GitMissing(GitError):
    """There is no git on this machine."""

    code = "git.missing"


class GitRefused(GitError):
    """The address, ref or answer is one that the house does not touch."""

    code = "git.refused"


class GitTimeout(GitError):
    """Git did not finish within its time."""

    code = "git.timeout"


class GitTooLarge(GitError):
    """Git sent more than the house takes."""

    code = "git.too_large"
