"""A Python with this folder on its path reaches its own machine and nothing else.

Python runs this before anything else. A kernel talks to its front end over loopback. Lookups of names count as well:
they leave the machine before any connection is made.
"""

import socket


class Refused(BaseException):
    """Not an Exception: no `except Exception` may hide that a connection was tried."""


def is_here(address):
    return not isinstance(address, tuple) or address[0] in ("127.0.0.1", "::1", "localhost")


def guarded(name):
    real = getattr(socket.socket, name)

    def method(self, *args):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not is_here(args[-1]):
            raise Refused(f"{name} to {args[-1]}")
        return real(self, *args)

    setattr(socket.socket, name, method)


def looked_up(host, *args, real=socket.getaddrinfo, **named):
    if host not in (None, "", "127.0.0.1", "::1", "localhost"):
        raise Refused(f"a look-up of {host}")
    return real(host, *args, **named)


for name in ("connect", "connect_ex", "sendto"):
    guarded(name)
socket.getaddrinfo = looked_up
