"""The websockets' entry: one address, for browsers that come from our own pages."""

from channels.routing import URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from channels.sessions import CookieMiddleware
from django.urls import path

from nova.live.sockets import Socket

application = AllowedHostsOriginValidator(
    CookieMiddleware(URLRouter([path("ws", Socket.as_asgi())]))
)
