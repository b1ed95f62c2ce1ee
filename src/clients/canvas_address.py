"""Which addresses may be asked: a school's host is typed by a person, and may lead inside.

Only https, only to addresses of the public network; outside production also this machine, so that
the stand-in school can be read. A name is resolved when a connection is made, and the connection
goes to the very address that was checked.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from src.clients.canvas_errors import AddressRefused, TokenMalformed

_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]+", re.ASCII)
_LONGEST = 255
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_TOKEN = re.compile(r"[\x21-\x7e]{16,1024}", re.ASCII)
_WRAPPING = " \t\r\n\"'`<>“”‘’\u200b\ufeff"

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def read_address(text: str, *, allow_loopback: bool) -> str:
    """Return the address of a school as scheme, host and port, of whatever page of it was pasted.

    Args:
        text: As it was typed.
        allow_loopback: Whether this machine may be asked too, and by http.

    Raises:
        AddressRefused: It is none that may be asked; the message says why.
    """
    text = text.strip(_WRAPPING)
    scheme, host, port = _parts(text if "://" in text else f"https://{text}")
    if scheme != "https" and not (scheme == "http" and allow_loopback and _is_here(host)):
        raise AddressRefused("the address must begin with https://")
    shown = f"[{host}]" if ":" in host else host
    default = 443 if scheme == "https" else 80
    address = f"{scheme}://{shown}" + (f":{port}" if port not in {None, default} else "")
    if len(address) > _LONGEST:
        raise AddressRefused("the address is too long")
    return address


def _parts(text: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError:
        raise AddressRefused("that is no address of a school") from None
    if "@" in parts.netloc:
        raise AddressRefused("the address must hold no name or password")
    if not _NAME.fullmatch(host) or not ("." in host or ":" in host or host == "localhost"):
        raise AddressRefused(
            "that is no address of a school, such as https://canvas.school.example"
        )
    return parts.scheme, host, port


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_ip(text: str, *, allow_loopback: bool) -> None:
    """Refuse an address inside a network, whatever it is wrapped in.

    Raises:
        AddressRefused: It is not of the public network.
    """
    address = _unwrapped(ipaddress.ip_address(text.partition("%")[0]))
    if address.is_loopback and allow_loopback:
        return
    # Python takes the old site-local range for public.
    is_inside = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    if not address.is_global or address.is_multicast or address.is_reserved or is_inside:
        raise AddressRefused("the school's name leads to an address that is not public")


def _unwrapped(address: Address) -> Address:
    if not isinstance(address, ipaddress.IPv6Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if address in _NAT64:
        inner = ipaddress.IPv4Address(address.packed[-4:])
    return inner or address


def read_token(text: str) -> str:
    """Return a token as it was pasted, without what surrounds it.

    Raises:
        TokenMalformed: It cannot be one; the message says what is wrong and quotes nothing.
    """
    token = text.strip(_WRAPPING).removeprefix("Bearer ").strip(_WRAPPING)
    if not token:
        raise TokenMalformed("no token was given")
    if re.search(r"\s", token):
        raise TokenMalformed("a token has no spaces: copy the token alone")
    if "…" in token or token.endswith("..."):
        raise TokenMalformed("the token is cut: Canvas shows all of it only once, when it is made")
    half = len(token) // 2
    if token[:half] == token[half:]:
        raise TokenMalformed("the token was pasted twice")
    if not _TOKEN.fullmatch(token):
        raise TokenMalformed("that is no token of Canvas: copy the whole of it")
    return token
