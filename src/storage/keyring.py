"""The keys that encrypt other people's tokens: the only place that turns a secret into text."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from src.errors import DarsError
from src.models.sealed import Sealed


class NoSecretKey(DarsError):  # noqa: N818 - names a state
    """There is no key, so no secret of anybody may be kept."""


class SecretUnreadable(DarsError):  # noqa: N818 - names a state
    """A secret was encrypted with a key that is not at hand."""


class Keyring:
    """Encrypts with the newest key, decrypts with any.

    Args:
        keys: The newest first; none is allowed, then nothing can be sealed or opened.
    """

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        known = [Fernet(key.get_secret_value()) for key in keys]
        self._newest = known[0] if known else None
        self._all = MultiFernet(known) if known else None

    def __repr__(self) -> str:
        """Say only whether it can be used."""
        return f"Keyring({'empty' if self._all is None else 'usable'})"

    @property
    def has_key(self) -> bool:
        """Whether a secret can be kept."""
        return self._all is not None

    def require(self) -> None:
        """Say at once that a secret could not be kept.

        Raises:
            NoSecretKey: There is no key; the message says what to do.
        """
        self._known()

    def seal(self, secret: SecretStr) -> Sealed:
        """Encrypt a secret with the newest key.

        Raises:
            NoSecretKey: There is none.
        """
        return Sealed(self._known().encrypt(secret.get_secret_value().encode()).decode())

    def open(self, sealed: Sealed) -> SecretStr:
        """Decrypt a secret.

        Raises:
            NoSecretKey: There is no key.
            SecretUnreadable: None of them fits.
        """
        try:
            return SecretStr(self._known().decrypt(sealed.text).decode())
        except (InvalidToken, UnicodeDecodeError):
            raise SecretUnreadable("a token cannot be read with any of DARS_SECRET_KEYS") from None

    def renew(self, sealed: Sealed) -> Sealed:
        """Return a secret as the newest key encrypts it; the same object where it does already.

        Raises:
            NoSecretKey: There is no key.
            SecretUnreadable: None of them fits.
        """
        try:
            if self._newest is not None:
                self._newest.decrypt(sealed.text)
                return sealed
        except InvalidToken:
            pass
        return self.seal(self.open(sealed))

    def _known(self) -> MultiFernet:
        if self._all is None:
            raise NoSecretKey(
                "no school can be connected: DARS_SECRET_KEYS is not set, so nobody's token could "
                "be kept safe (`dars secrets key` makes one)"
            )
        return self._all


def make_key() -> SecretStr:
    """Return a new key."""
    return SecretStr(Fernet.generate_key().decode())
