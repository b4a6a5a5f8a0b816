"""Addresses of machines: which one is this very machine, and which are one caller."""
from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Optional, Union

_HOME_PREFIX = 64  # bits of an IPv6 address that a provider gives to one customer, who can use all addresses below it


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address as a server listens on or a client calls, is this machine only."""
    if host.lower() == "localhost":
        return True
    address = _parsed(host)
    return address is not None and address.is_loopback


def caller(address: str) -> str:
    """`address` in one spelling, and the same for all IPv6 addresses of one network; as it is where it is no address."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((parsed, _HOME_PREFIX), strict=False))
    return address if parsed is None else str(parsed)


def _parsed(address: str) -> Optional[Union[IPv4Address, IPv6Address]]:
    try:
        parsed = ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed
