"""Database URLs, from the forms that hosts hand out to the one that the drivers here take."""

import ssl
from ipaddress import ip_address
from typing import Any
from urllib.parse import unquote

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from src.errors import SettingsError

# Parameters that libpq knows, asyncpg does not, and whose absence changes nothing that matters.
_DROPPED = {"channel_binding", "gssencmode", "target_session_attrs", "sslnegotiation"}
_UNDERSTOOD = {"host", "port", "ssl", "sslmode", "sslrootcert", "application_name"}
_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}


def normalise(url: str) -> URL:
    """Turn a database URL as hosts hand it out into one for the drivers used here.

    ``postgres://``, ``postgresql://`` and other drivers become asyncpg; ``sslmode=`` becomes
    ``ssl=``, at least ``require`` for a host that is not local.

    Raises:
        SettingsError: Not a URL of SQLite or PostgreSQL; the message never holds the password.
    """
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError):
        raise SettingsError("DATABASE_URL: not a database URL") from None
    if "\0" in unquote(parsed.render_as_string(hide_password=False)):
        raise SettingsError("DATABASE_URL: not a database URL")
    kind = parsed.drivername.partition("+")[0]
    if kind == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if kind not in {"postgres", "postgresql"}:
        raise SettingsError(f"DATABASE_URL: expected sqlite or postgresql, not {kind}")
    query = {key: value for key, value in parsed.query.items() if key not in _DROPPED}
    if unknown := set(query) - _UNDERSTOOD:
        raise SettingsError(
            f"DATABASE_URL: parameter {min(unknown)} is not understood"
            + (" (set DARS_DB_PGBOUNCER=true instead)" if "pgbouncer" in unknown else "")
        )
    query["ssl"] = _choose_ssl_mode(query, _host_of(parsed))
    query.pop("sslmode", None)
    found = parsed.set(drivername="postgresql+asyncpg", query=query)
    _check_place(found)
    return found


def _check_place(url: URL) -> None:
    """Refuse a place to which nothing can connect, before the driver fails at it."""
    try:
        _, words = url.get_dialect()().create_connect_args(url)
        for host in _each(words.get("host")):
            if not host.startswith(("/", "@")):
                host.encode("idna")
    except (ArgumentError, UnicodeError):
        raise SettingsError("DATABASE_URL: hosts and ports cannot be understood") from None
    ports = [*_each(url.port), *_each(words.get("port"))]
    if any(not 0 < int(port) < 65536 for port in ports):
        raise SettingsError("DATABASE_URL: expected a port from 1 to 65535")


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _host_of(url: URL) -> str:
    host = url.host or url.query.get("host") or ""
    return host if isinstance(host, str) else host[0]


def _choose_ssl_mode(query: dict[str, Any], host: str) -> str:
    mode = str(query.get("sslmode") or query.get("ssl") or "").lower()
    mode = {"true": "require", "false": "disable"}.get(mode, mode)
    if mode and mode not in _SSL_MODES:
        raise SettingsError(f"DATABASE_URL: sslmode must be one of {', '.join(sorted(_SSL_MODES))}")
    if _is_this_machine(host):
        return mode or "prefer"
    if mode == "disable":
        if not _is_own_network(host):
            raise SettingsError("DATABASE_URL: TLS is required for a host that is not local")
        return mode
    return mode if mode.startswith("verify") else "require"


def _is_this_machine(host: str) -> bool:
    return host in {"", "localhost"} or host.startswith(("/", "@")) or _ip(host, "is_loopback")


def _is_own_network(host: str) -> bool:
    """A container's name or a private address: its owner may say that TLS is not needed there."""
    return "." not in host.strip(".") or _ip(host, "is_private")


def _ip(host: str, quality: str) -> bool:
    try:
        return bool(getattr(ip_address(host), quality))
    except ValueError:
        return False


def choose_tls(mode: str, root_certificate: object) -> str | ssl.SSLContext:
    """Return what asyncpg takes; it would verify only against files in the home directory."""
    if not mode.startswith("verify"):
        return mode
    bundle = str(root_certificate) if root_certificate not in {None, "system"} else None
    context = ssl.create_default_context(cafile=bundle)
    context.check_hostname = mode == "verify-full"
    return context
