"""The addresses of sign-in, Account Settings, keys and staff. Each has its rule in access.py.

Of allauth only what staff use: there is no sign-up, no e-mail page, no reset that mails anyone who asks.
"""

from __future__ import annotations

from allauth.account import views as allauth
from django.urls import URLPattern, URLResolver, path

from partnerportal.console import (
    account,
    doors,
    key_acts,
    key_list,
    key_pages,
    staff_acts,
    staff_pages,
    welcome,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", allauth.login, name="account_login"),
    path("accounts/logout/", allauth.logout, name="account_logout"),
    path("accounts/password/change/", allauth.password_change, name="account_change_password"),
    path("accounts/welcome/", welcome.password, name="welcome_password"),
    path("accounts/welcome/<int:pk>/<str:token>/", welcome.welcome, name="welcome"),
    path("account/", account.account, name="account"),
    path("account/preferences/", account.preferences, name="account_preferences"),
    path("account/session/", doors.session, name="account_session"),
    path("account/back/", doors.back, name="account_back"),
    path("account/sessions/<int:pk>/end/", account.end_session, name="account_end_session"),
    path("account/sessions/end-others/", account.end_other_sessions, name="account_end_others"),
    path("account/key/connect/", key_pages.connect, name="key_connect"),
    path("account/key/generate/", key_pages.generate, name="key_generate"),
    path("account/key/view/", key_pages.view, name="key_view"),
    path("keys/", key_list.keys_page, name="keys"),
    path("keys/add/", key_pages.connect_service, name="key_add"),
    path("keys/<int:pk>/test/", key_acts.test, name="key_test"),
    path("keys/<int:pk>/replace/", key_acts.replace, name="key_replace"),
    path("keys/<int:pk>/revoke/", key_acts.revoke, name="key_revoke"),
    path("keys/<int:pk>/service/", key_acts.name_service, name="key_name"),
    path("staff/", staff_pages.staff_list, name="staff"),
    path("staff/invite/", staff_pages.invite, name="staff_invite"),
    path("staff/<int:pk>/", staff_pages.member, name="staff_member"),
    path("staff/<int:pk>/role/", staff_acts.change_roles, name="staff_roles"),
    path("staff/<int:pk>/enterprises/", staff_acts.change_scope, name="staff_scope"),
    path("staff/<int:pk>/sign-out/", staff_acts.sign_out, name="staff_sign_out"),
    path("staff/<int:pk>/link/", staff_acts.send_link, name="staff_link"),
    path("staff/<int:pk>/unlock/", staff_acts.unlock, name="staff_unlock"),
    path("staff/<int:pk>/deactivate/", staff_acts.deactivate, name="staff_deactivate"),
]
