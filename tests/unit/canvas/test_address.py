"""Which addresses and tokens are taken, and why others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from src.clients.canvas_address import check_ip, read_address, read_token
from src.clients.canvas_errors import AddressRefused, TokenMalformed

GOOD = "7~" + "aB3dE5gH" * 8


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://canvas.school.example", "https://canvas.school.example"),
        (" <https://Canvas.School.Example/courses/12?x=1#y> ", "https://canvas.school.example"),
        ("canvas.school.example/", "https://canvas.school.example"),
        ("https://canvas.school.example:443", "https://canvas.school.example"),
        ("https://canvas.school.example:8443/login", "https://canvas.school.example:8443"),
        ("https://বিদ্যালয়.example", "https://xn--35b1am8dvb3a8f0bwab5a.example"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]"),
    ],
)
def test_a_page_of_the_school_is_enough(typed: str, address: str) -> None:
    if "xn--" in address:
        address = f"https://{'বিদ্যালয়.example'.encode('idna').decode()}"
    assert read_address(typed, allow_loopback=False) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "school",
        "http://canvas.school.example",
        "ftp://canvas.school.example",
        "file:///etc/passwd",
        "https://user:word@canvas.school.example",
        "https://canvas.school.example:99999",
        "https://[::1",
        "https://2130706433",
        "https://a b.example",
        "https://a..b.example",
        "https://" + "a." * 130 + "example",
        "http://127.0.0.1:8082",
        "http://localhost",
    ],
)
def test_what_is_no_address_of_a_school_is_refused(typed: str) -> None:
    with pytest.raises(AddressRefused):
        read_address(typed, allow_loopback=False)


def test_this_machine_may_be_asked_by_http_where_that_is_allowed() -> None:
    assert read_address("http://127.0.0.1:8082/school", allow_loopback=True) == (
        "http://127.0.0.1:8082"
    )
    assert read_address("http://localhost:8082", allow_loopback=True) == "http://localhost:8082"
    with pytest.raises(AddressRefused, match="https"):
        read_address("http://10.0.0.1", allow_loopback=True)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
        *("0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.0.1", "198.18.0.1", "240.0.0.1"),
        *("::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::10.0.0.1", "fec0::1"),
    ],
)
def test_addresses_inside_a_network_are_refused_whatever_they_are_wrapped_in(address: str) -> None:
    with pytest.raises(AddressRefused):
        check_ip(address, allow_loopback=False)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_taken(address: str) -> None:
    check_ip(address, allow_loopback=False)


def test_where_this_machine_is_allowed_other_machines_inside_are_not() -> None:
    check_ip("127.0.0.1", allow_loopback=True)
    check_ip("::1", allow_loopback=True)
    with pytest.raises(AddressRefused):
        check_ip("10.0.0.1", allow_loopback=True)


@pytest.mark.parametrize("typed", [GOOD, f"  {GOOD}\n", f'"{GOOD}"', f"Bearer {GOOD}", f"`{GOOD}`"])
def test_what_surrounds_a_token_does_not_count(typed: str) -> None:
    """Rule 30: quotes and spaces are seen to before a token is called dead."""
    assert read_token(typed) == GOOD


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "no token"),
        ("  \n", "no token"),
        (GOOD * 2, "twice"),
        (f"{GOOD} {GOOD}", "spaces"),
        (f"{GOOD[:20]}…", "cut"),
        (f"{GOOD[:20]}...", "cut"),
        ("7~short", "whole"),
        ("টোকেনটোকেনটোকেন", "whole"),
        (GOOD * 40 + "x", "whole"),
    ],
)
def test_a_token_that_cannot_be_one_is_refused_with_what_is_wrong(typed: str, says: str) -> None:
    """Rule 31: pasted twice or partly, behind a hidden input."""
    with pytest.raises(TokenMalformed, match=says) as caught:
        read_token(typed)
    assert not typed.strip() or typed.strip() not in str(caught.value)


@given(st.text())
def test_any_text_is_an_address_or_refused(typed: str) -> None:
    try:
        address = read_address(typed, allow_loopback=True)
    except AddressRefused:
        return
    assert read_address(address, allow_loopback=True) == address
