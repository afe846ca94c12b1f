"""The steps that operators copy make the directory that the tests run on."""

import re
import subprocess
from pathlib import Path

import ldap3

from onboarding.demo.ports import free_port
from onboarding.demo.servers.child import Child
from onboarding.demo.servers.directory_files import TEMPLATES
from onboarding.demo.servers.slapd import PROGRAM, Slapd

PASSWORD = "twelve signs or more"
ELSEWHERE = {
    # What belongs to the machine stays as it is.
    "apt-get install": "true",
    "systemctl": "true",
    "chown": "true",
    "-o openldap -g openldap": "",
    "@LEAST_SSF@|128": "@LEAST_SSF@|0",
    "m=19456 t=2": "m=64 t=1",
    # Nobody sits here to answer.
    "$(hash)": f"$(printf '{PASSWORD}' | hash -T /dev/stdin)",
}


def test_the_recipe_makes_the_same_directory(slapd: Slapd, tmp_path: Path) -> None:
    follow(tmp_path)
    copy = Slapd(tmp_path, port=free_port(), passwords={"admin": PASSWORD})
    configuration = str(tmp_path / "slapd.d")
    copy.child = Child(
        name="slapd",
        command=[PROGRAM, "-d", "none", "-h", copy.url, "-F", configuration],
        log=tmp_path / "slapd.log",
    )
    copy.child.start()
    copy.child.wait_until(copy.answers)
    try:
        made = names(copy.admin())
    finally:
        copy.kill()

    systems = ("mystudy", "mailbox", "printing")
    others = {slapd.dn(f"reader-{system}") for system in systems}
    assert made == names(slapd.admin()) - others


def follow(folder: Path) -> None:
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```sh\n(.*?)```", readme, re.DOTALL)
    assert found
    (folder / "slapd.d").mkdir()
    script = found[1]
    for there, here in {
        **ELSEWHERE,
        "/opt/portal/accounts/directory/slapd": str(TEMPLATES),
        "/var/lib/ldap-start": str(folder),
        "/etc/ldap/slapd.d": str(folder / "slapd.d"),
    }.items():
        assert there in script, there
        script = script.replace(there, here)
    subprocess.run(["bash", "-euo", "pipefail", "-c", script], check=True)


def names(admin: ldap3.Connection) -> set[str]:
    admin.search("dc=leuphana,dc=example", "(objectClass=*)", attributes=["1.1"])
    return {entry["dn"] for entry in admin.response}
