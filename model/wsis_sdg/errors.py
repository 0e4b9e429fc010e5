"""Errors that a user can act on: each names the thing, the place and the remedy."""


class WsisSdgError(Exception):
    """Base of every error that wsis-sdg raises for a cause outside its own code.

    Args:
        problem: What is wrong, and where.
        remedy: What the user can do about it.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}; {remedy}")
        self.problem = problem
        self.remedy = remedy


class DocumentError(WsisSdgError):
    """A document that cannot be read."""


class EncoderError(WsisSdgError):
    """An encoder that is missing or is not the expected one."""


class HeadError(WsisSdgError):
    """A head that is missing, altered, or does not belong to this encoder or these labels."""


class OutputError(WsisSdgError):
    """A result that cannot be written."""
