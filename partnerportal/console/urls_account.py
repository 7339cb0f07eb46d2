"""The addresses of sign-in, Account Settings, keys and staff. Each has its rule in access.py.

Of allauth only what staff use: there is no sign-up, no e-mail page, no reset that mails anyone who asks.
"""

from __future__ import annotations

from allauth.account import views as allauth
from allauth.usersessions.views import list_usersessions
from django.urls import URLPattern, URLResolver, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", allauth.login, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/password/change/", allauth.password_change, name="account_change_password"),
    path("accounts/reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("accounts/sessions/", list_usersessions, name="usersessions_list"),
]
