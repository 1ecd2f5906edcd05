"""Which hosts the server may speak to when a person names the address: public ones, and those the operator lists."""

import ipaddress
import socket
from collections.abc import Collection


class PrivateAddress(ValueError):
    """The host is in a private, loopback or link-local range: the server must not be sent there by a stranger."""

    def __init__(self, host: str, address: str) -> None:
        super().__init__(f"{host} is at the private address {address}")
        self.host = host
        self.address = address


def resolve(host: str, port: int | None, *, allowed: Collection[str]) -> list[str]:
    """Give the addresses of `host`, all of them public unless the host is in `allowed`.

    Connect to one of these and not to the name: the name may point elsewhere a moment later.
    Raises PrivateAddress; OSError where the name cannot be resolved.
    """
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if host not in allowed:
        for address in found:
            if not ipaddress.ip_address(address.partition("%")[0]).is_global:
                raise PrivateAddress(host, address)
    return list(dict.fromkeys(found))
