r"""How two ends that share a secret prove it to each other, without I/O. The secret itself is never sent.

The caller says ``berth-port 1 <nonce>\n``. The host answers with a nonce of its own and its proof, and only then does
the caller send its own; what it has to say (an editor's environment) follows in the same breath. Each proof is an HMAC
over who it is of and both nonces, so that none can be sent back or used again.
"""

import hmac
import os

NONCE_BYTES = 32
_START = b"berth-port 1 "

HELLO_BYTES = len(_START) + 2 * NONCE_BYTES + 1
"""Of what a caller says first."""

ANSWER_BYTES = 2 * NONCE_BYTES + 1 + 64 + 1
"""Of what the host answers."""

PROOF_BYTES = 64 + 1
"""Of what the caller says then."""


class NotProven(Exception):
    """The other end does not know the secret, or speaks something else."""


class CallersSide:
    """The caller's part of one exchange."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._nonce = os.urandom(NONCE_BYTES).hex().encode()
        self.hello = _START + self._nonce + b"\n"

    def proof(self, answer: bytes) -> bytes:
        """What to say to :data:`ANSWER_BYTES` of a host's.

        Raises:
            NotProven: It is not the host that wrote the note.
        """
        nonce, _, theirs = answer.removesuffix(b"\n").partition(b" ")
        both = self._nonce + nonce
        if not hmac.compare_digest(theirs, _digest(self._secret, b"host", both)):
            raise NotProven("Something else answers at the port of Berth's host.")
        return _digest(self._secret, b"caller", both) + b"\n"


class HostsSide:
    """The host's part of one exchange."""

    def __init__(self, secret: bytes, hello: bytes) -> None:
        """``hello``: :data:`HELLO_BYTES` of a caller's.

        Raises:
            NotProven: It is no hello.
        """
        if not hello.startswith(_START):
            raise NotProven("The caller did not say hello.")
        nonce = os.urandom(NONCE_BYTES).hex().encode()
        both = hello.removeprefix(_START).removesuffix(b"\n") + nonce
        self.answer = nonce + b" " + _digest(secret, b"host", both) + b"\n"
        self._wanted = _digest(secret, b"caller", both) + b"\n"

    def check(self, proof: bytes) -> None:
        """Takes :data:`PROOF_BYTES` of the caller's.

        Raises:
            NotProven: It does not know the secret.
        """
        if not hmac.compare_digest(proof, self._wanted):
            raise NotProven("The caller does not know the secret.")


def _digest(secret: bytes, whose: bytes, nonces: bytes) -> bytes:
    return hmac.digest(secret, whose + b" " + nonces, "sha256").hex().encode()
