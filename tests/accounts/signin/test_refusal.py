"""A directory that refuses to change a password, and does not say why."""

from collections.abc import Callable

import pytest

from accounts.directory import gateway, passwords
from accounts.directory.errors import DirectoryRefused, PasswordRefused, Reason
from accounts.signin import answers
from accounts.signin.forms import ActivationForm
from tests.accounts.signin.conftest import OWN, Somebody, a_letter, opens

pytestmark = [pytest.mark.django_db(transaction=True)]

Make = Callable[..., Somebody]


def test_a_letter_issued_in_between_makes_the_directory_unwilling(
    newcomer: Make,
) -> None:
    somebody = newcomer()
    entry = gateway.person(somebody.account)
    newer: list[str] = []

    with pytest.raises(DirectoryRefused) as refusal:
        passwords.replace(
            entry=entry,
            old=somebody.password,
            new=OWN,
            proved=lambda: newer.append(a_letter(somebody.person)),
        )

    assert refusal.value.result == "unwillingToPerform"
    assert opens(somebody.account, newer[0])


@pytest.mark.parametrize(
    "put", [answers.to_activation, answers.to_sign_in, answers.to_change]
)
def test_a_refusal_is_said_in_a_sentence(
    put: Callable[[ActivationForm, Exception], int],
) -> None:
    form = ActivationForm({})
    form.full_clean()

    status = put(form, DirectoryRefused("unwillingToPerform"))

    assert status == answers.UNAVAILABLE
    assert "refuses to do this at the moment" in str(form.non_field_errors())


def test_a_rule_that_the_directory_does_not_name_is_said_at_the_password() -> None:
    form = ActivationForm({})
    form.full_clean()

    answers.to_activation(form, PasswordRefused(Reason.NOT_ALLOWED))

    told = str(form.errors["new_password"])
    assert "The directory does not take this password." in told
