"""The addresses of e-mail."""

from django.urls import URLPattern, path

from accounts.mailbox import program_views, views
from accounts.mailbox.pages import Studies

app_name = "mailbox"


def addresses(*, studies: Studies) -> tuple[list[URLPattern], str]:
    """Give them all; a room above knows who ``studies`` here on a day."""
    choice = path("mail/address/", views.address, {"studies": studies}, name="address")
    return [choice, *urlpatterns], app_name


urlpatterns = [
    path("journey/mail/", views.mail, name="mail"),
    path("mail/code/", views.code, name="code"),
    path("mail/code/send/", views.send, name="send"),
    path("mail/status.json", views.status, name="status"),
    path("mail/settings/", program_views.client, name="settings"),
    path("mail/settings/leuphana.mobileconfig", program_views.apple, name="apple"),
    path("mail/password/", program_views.password, name="password"),
    path(
        "mail/password/remove/", program_views.remove_password, name="remove_password"
    ),
    # The first is asked on the host autoconfig.<domain>, the second on the domain.
    path("mail/config-v1.1.xml", program_views.autoconfig, name="autoconfig"),
    path(
        ".well-known/autoconfig/mail/config-v1.1.xml",
        program_views.autoconfig,
        name="autoconfig_well_known",
    ),
]
