"""The addresses of activating, signing in and passwords."""

from django.urls import path

from accounts.signin import recovery_views, step_up_views, views

app_name = "signin"

urlpatterns = [
    path("activate/", views.activate, name="activate"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/again/", step_up_views.again, name="again"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("consent/", views.consent, name="consent"),
    path("session/stay/", views.stay, name="stay"),
    path("password/change/", recovery_views.change_password, name="change"),
    path("password/changed/", recovery_views.changed, name="changed"),
    path("password/forgotten/", recovery_views.forgotten, name="forgotten"),
    path("password/new/", recovery_views.new_password, name="new_password"),
    path("recovery/", recovery_views.recovery, name="recovery"),
    path("recovery/code/", recovery_views.recovery_code, name="recovery_code"),
    path(".well-known/change-password", views.change_password_address),
]
