"""Every address of the portal, room by room."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from accounts.mailbox import urls as mailbox
from onboarding.enrolment.facts import studies

urlpatterns: list[URLPattern | URLResolver] = [
    # First, since a waiting page asks it every few seconds.
    path("", include("onboarding.journey.urls")),
    path("i18n/setlang/", set_language, name="set_language"),
    path("", include("onboarding.look.urls")),
    path("", include("accounts.signin.urls")),
    path("sign-in/second/", include("accounts.factors.urls")),
    path("", include(mailbox.addresses(studies=studies))),
    path("", include("onboarding.enrolment.urls")),
    path("", include("onboarding.applications.urls")),
    path("", include("onboarding.cards.urls")),
    path("handout/", include("onboarding.handout.urls")),
    path("help-desk/", include("onboarding.helpdesk.urls")),
    path("watch/", include("onboarding.watch.urls")),
]

handler500 = "onboarding.look.errors.broken"

if getattr(settings, "DEMO", False):
    urlpatterns.append(path("", include("onboarding.demo.urls")))
