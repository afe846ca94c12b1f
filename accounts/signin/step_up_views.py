"""The page that asks for the own password once more."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.signin import answers, step_up
from accounts.signin.forms import ProofForm, sent
from accounts.signin.onward import onward, wanted
from accounts.signin.sessions import keeps, person_of, signed_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@signed_in
def again(request: HttpRequest) -> HttpResponse:
    """Take the own password, then lead back to where somebody was."""
    form = ProofForm(sent(request))
    status = answers.MISTAKEN if form.is_bound else 200
    if request.method != "POST" and step_up.recently_proved(request):
        return HttpResponseRedirect(onward(request))
    if form.is_valid():
        now, password = timezone.now(), form.cleaned_data["password"]
        try:
            step_up.prove(person=person_of(request), password=password, at=now)
        except answers.REFUSALS as refusal:
            status = answers.to_proof(form, refusal)
        else:
            step_up.note_password(request, at=now)
            return HttpResponseRedirect(onward(request))
    target = wanted(request)
    context = {
        "form": form,
        "next": target,
        "kept": keeps(request, target=target),
        "unavailable": status == answers.UNAVAILABLE,
    }
    return answers.page(request, "signin/again.html", context, status)
