"""The demo's colleagues: one table, and their entries in the stage's directory."""

from dataclasses import dataclass

from accounts.people.roles import Role
from onboarding.demo.servers.slapd import Slapd

# Everybody's on the stage who has chosen one; it opens nothing anywhere else.
PASSWORD = "Kiesel-Regen-Lampe-7"  # noqa: S105


@dataclass(frozen=True)
class Colleague:
    """Somebody with a role, and what the portal has for it so far."""

    account: str
    given_name: str
    family_name: str
    role: Role
    does: str = ""


STAFF: tuple[Colleague, ...] = (
    Colleague("registrar", "Ingrid", "Petersen", Role.REGISTRAR, "imports, letters"),
    Colleague("helpdesk", "Tarek", "Aydın", Role.HELP_DESK, "/help-desk/"),
    Colleague("helpdesk-lead", "Solveig", "Brandt", Role.HELP_DESK_LEAD, "/help-desk/"),
    Colleague("librarydesk", "Mirjam", "Okonkwo", Role.LIBRARY_DESK, "cards, deposits"),
    Colleague("finance", "Jörg", "Wessel", Role.FINANCE, "ledger, tutors' cash"),
    Colleague("coordinator", "Pia", "Łukasik", Role.COORDINATOR, "/handout/board/"),
    Colleague("tutor01", "Emil", "Hansen", Role.TUTOR, "groups 1, 4, 7: /handout/"),
    Colleague("tutor02", "Nadia", "Fiedler", Role.TUTOR, "groups 2, 5, 8: /handout/"),
    Colleague("tutor03", "Ole", "Siemers", Role.TUTOR, "groups 3, 6, 9: /handout/"),
    Colleague("auditor", "Ruth", "Ehlers", Role.AUDITOR),
)


def seat(slapd: Slapd) -> None:
    """Give every colleague an entry under ou=staff and a place in the role's group."""
    admin = slapd.admin()
    try:
        for colleague in STAFF:
            dn = f"uid={colleague.account},ou=staff,{slapd.base}"
            group = f"cn={colleague.role},ou=roles,{slapd.base}"
            if not admin.search(f"ou=staff,{slapd.base}", f"(uid={colleague.account})"):
                admin.add(dn, attributes=_attributes(colleague))
            if not admin.search(group, f"(member={dn})"):
                admin.modify(group, {"member": [("MODIFY_ADD", [dn])]})
    finally:
        admin.unbind()


def _attributes(colleague: Colleague) -> dict[str, list[str]]:
    name = f"{colleague.given_name} {colleague.family_name}"
    return {
        "objectClass": ["inetOrgPerson", "eduPerson"],
        "uid": [colleague.account],
        "cn": [name],
        "sn": [colleague.family_name],
        "givenName": [colleague.given_name],
        "displayName": [name],
        "eduPersonAffiliation": ["employee", "member"],
        "userPassword": [PASSWORD],
    }
