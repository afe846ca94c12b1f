"""The addresses of the journey."""

from django.urls import path

from onboarding.journey import (
    history_views,
    library_account_views,
    services_views,
    summary_views,
    teaching_views,
    tick_views,
    views,
)

app_name = "journey"

urlpatterns = [
    path("", views.start, name="start"),
    path("journey/", views.journey, name="journey"),
    path("journey/status.json", views.status, name="status"),
    path("journey/history/", history_views.show, name="history"),
    path("journey/mystudy/", teaching_views.mystudy, name="mystudy"),
    path("journey/mystudy/password/", teaching_views.password, name="mystudy_password"),
    path("journey/moodle/", teaching_views.moodle, name="moodle"),
    path("journey/summary/", summary_views.sheet, name="summary"),
    path("journey/<slug:step>/tick/", tick_views.tick, name="tick"),
    path("journey/<slug:step>/take-back/", tick_views.take_back, name="take_back"),
    path(
        "journey/library_account/", library_account_views.show, name="library_account"
    ),
    path("services/", services_views.everything, name="services"),
    path("services/<slug:key>/", services_views.one, name="service"),
    path("desks/", views.desks, name="desks"),
]
