"""The addresses of the help desk."""

from django.urls import path

from onboarding.helpdesk import (
    approval_views,
    handing_views,
    held_views,
    merge_views,
    new_password_views,
    recovery_views,
    remedy_views,
    views,
)

app_name = "helpdesk"

urlpatterns = [
    path("", views.desk, name="desk"),
    path("approvals/", approval_views.waiting, name="approvals"),
    path("approvals/<int:number>/", approval_views.decide, name="decide"),
    path("suspected/", merge_views.suspected, name="suspected"),
    path("<int:key>/merge/", merge_views.merge, name="merge"),
    path("held/<int:key>/", held_views.held, name="held"),
    path("held/<int:key>/reason/", held_views.reason, name="held_reason"),
    path("held/<int:key>/release/", held_views.release, name="release"),
    path("<int:key>/", views.person, name="person"),
    path("<int:key>/status/", views.status, name="status"),
    path("<int:key>/progress/", views.work, name="work"),
    path("<int:key>/reason/", views.reason, name="reason"),
    path(
        "<int:key>/new-password/",
        new_password_views.new_password,
        name="new_password",
    ),
    path("<int:key>/recovery/", recovery_views.recovery, name="recovery"),
    path("<int:key>/look-again/", remedy_views.look_again, name="look_again"),
    path("<int:key>/unlock/", remedy_views.unlock, name="unlock"),
    path("<int:key>/end-sessions/", remedy_views.end_sessions, name="end_sessions"),
    path("<int:key>/resend-code/", remedy_views.resend_code, name="resend_code"),
    path("<int:key>/guard/", remedy_views.guard, name="guard"),
    path("<int:key>/move/", remedy_views.move, name="move"),
    path("<int:key>/note/", handing_views.note, name="note"),
    path("<int:key>/hand-on/", handing_views.bodies, name="bodies"),
    path("<int:key>/hand-on/<slug:body>/", handing_views.hand_on, name="hand_on"),
]
