"""Database URLs as hosts hand them out."""

import ssl

import pytest

from src.errors import SettingsError
from src.storage.url import choose_tls, normalise

REMOTE = "u:p%40ss@db.example.com:5432/dars"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite:///a.db"),
        ("sqlite+aiosqlite:////var/a.db", "sqlite+aiosqlite:////var/a.db"),
        ("postgres://u:p@localhost/d", "postgresql+asyncpg://u:p@localhost/d?ssl=prefer"),
        ("postgresql://u@127.0.0.1/d", "postgresql+asyncpg://u@127.0.0.1/d?ssl=prefer"),
        ("postgresql://u@[::1]/d", "postgresql+asyncpg://u@[::1]/d?ssl=prefer"),
        ("postgresql+psycopg2://u@localhost/d", "postgresql+asyncpg://u@localhost/d?ssl=prefer"),
        (
            "postgresql://u@/d?host=/run/postgresql",
            "postgresql+asyncpg://u@/d?host=%2Frun%2Fpostgresql&ssl=prefer",
        ),
        (
            "postgres://u@localhost/d?sslmode=disable",
            "postgresql+asyncpg://u@localhost/d?ssl=disable",
        ),
        (f"  postgres://{REMOTE}\n", f"postgresql+asyncpg://{REMOTE}?ssl=require"),
        (f"postgres://{REMOTE}?sslmode=prefer", f"postgresql+asyncpg://{REMOTE}?ssl=require"),
        (f"postgres://{REMOTE}?sslmode=require", f"postgresql+asyncpg://{REMOTE}?ssl=require"),
        (f"postgres://{REMOTE}?ssl=true", f"postgresql+asyncpg://{REMOTE}?ssl=require"),
        (
            f"postgres://{REMOTE}?sslmode=verify-full&channel_binding=require",
            f"postgresql+asyncpg://{REMOTE}?ssl=verify-full",
        ),
        ("postgres://u@db/d", "postgresql+asyncpg://u@db/d?ssl=require"),
        ("postgres://u@db/d?sslmode=disable", "postgresql+asyncpg://u@db/d?ssl=disable"),
        (
            "postgres://u@10.0.0.4/d?sslmode=disable",
            "postgresql+asyncpg://u@10.0.0.4/d?ssl=disable",
        ),
    ],
)
def test_a_url_is_understood(given: str, expected: str) -> None:
    assert normalise(given).render_as_string(hide_password=False) == expected


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ("", "not a database URL"),
        ("dars.db", "not a database URL"),
        ("postgres://u:secret@host:port/d", "not a database URL"),
        ("postgres://u:secret@127.0.0.1:99999/d", "a port from 1 to 65535"),
        ("postgres://u:secret@127.0.0.1:65536/d", "a port from 1 to 65535"),
        ("postgres://u:secret@127.0.0.1:0/d", "a port from 1 to 65535"),
        ("postgres://u:secret@127.0.0.1:-1/d", "a port from 1 to 65535"),
        ("postgres://u:secret@[::1]:70000/d", "a port from 1 to 65535"),
        ("postgres://u:secret@127.0.0.1/d?port=99999", "a port from 1 to 65535"),
        ("postgres://u:secret@/d?host=127.0.0.1:99999", "a port from 1 to 65535"),
        ("postgres://u:secret@/d?host=a:1&host=b:99999", "a port from 1 to 65535"),
        ("postgres://u:secret@/d?host=a&port=x", "hosts and ports cannot be understood"),
        ("postgres://u:secret@a:1/d?host=a&host=b", "hosts and ports cannot be understood"),
        ("postgres://u:secret@a..b/d", "hosts and ports cannot be understood"),
        (f"postgres://u:secret@{'a' * 70}/d", "hosts and ports cannot be understood"),
        ("postgres://u:secret@localhost/d%00", "not a database URL"),
        ("sqlite:////tmp/a%00b.db", "not a database URL"),
        ("mysql://u:secret@db.example.com/d", "expected sqlite or postgresql, not mysql"),
        (f"postgres://{REMOTE}?sslmode=disable", "TLS is required for a host that is not local"),
        ("postgres://u:secret@8.8.8.8/d?sslmode=disable", "TLS is required"),
        (f"postgres://{REMOTE}?sslmode=off", "sslmode must be one of"),
        (f"postgres://{REMOTE}?pgbouncer=true", "set DARS_DB_PGBOUNCER=true"),
        (f"postgres://{REMOTE}?sslkey=k", "parameter sslkey is not understood"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained_without_its_password(
    given: str, fault: str
) -> None:
    with pytest.raises(SettingsError, match=f"^DATABASE_URL: .*{fault}") as caught:
        normalise(given)
    assert "secret" not in str(caught.value)
    assert "p%40ss" not in str(caught.value)


def test_verification_uses_the_certificates_of_the_system() -> None:
    full, authority = choose_tls("verify-full", None), choose_tls("verify-ca", "system")
    assert isinstance(full, ssl.SSLContext)
    assert isinstance(authority, ssl.SSLContext)
    assert (full.check_hostname, authority.check_hostname) == (True, False)
    assert full.verify_mode == authority.verify_mode == ssl.CERT_REQUIRED


@pytest.mark.parametrize(
    ("host", "query"),
    [
        # Render, from outside and from inside.
        ("dpg-abc123-a.oregon-postgres.render.com", ""),
        ("dpg-abc123-a", ""),
        # Railway.
        ("monorail.proxy.rlwy.net:12345", ""),
        ("postgres.railway.internal:5432", ""),
        # RDS, with the bundle of Amazon's certificates.
        ("dars.abc123.ap-south-1.rds.amazonaws.com:5432", ""),
        (
            "dars.abc123.ap-south-1.rds.amazonaws.com:5432",
            "?sslmode=verify-full&sslrootcert=/etc/rds.pem",
        ),
    ],
)
@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_what_hosts_hand_out_is_understood_and_encrypted(
    scheme: str, host: str, query: str
) -> None:
    url = normalise(f"{scheme}://dars:secret@{host}/dars{query}")
    assert (url.drivername, url.database) == ("postgresql+asyncpg", "dars")
    assert (url.username, url.password) == ("dars", "secret")
    assert url.query["ssl"] == ("verify-full" if query else "require")
    assert url.query.get("sslrootcert") == ("/etc/rds.pem" if query else None)
